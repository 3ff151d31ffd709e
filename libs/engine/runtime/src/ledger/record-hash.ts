import { hash } from 'node:crypto';
import { suiteOf, type RecordBody, type SuiteName } from '@qiyue/engine';

const HASHES: Readonly<Record<SuiteName, (canonical: string) => string>> = {
  'qiyue-1': (canonical) => hash('sha256', canonical, 'hex'),
};

/** Hex hash of a record's canonical bytes by the suite that it names; null when this code does not know that suite. */
export const recordHash = (canonical: string, named: RecordBody['suite']): string | null => {
  const suite = suiteOf(named);
  return suite === null ? null : HASHES[suite](canonical);
};
