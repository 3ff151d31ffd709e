import type { BundleState, BundleVerdict } from '@qiyue/engine-runtime';
import { counted } from '../show/counted';

const STATES: Readonly<Record<BundleState, string>> = {
  proven: 'nothing wrong',
  linked: 'its records fit each other, and no checkpoint is in it: nobody has signed them',
  'other-key': 'its records are what was signed, but NOT by the key that is trusted',
  damaged: 'NOT what was exported',
};

/** What a file of `audit export` is worth, for people. `trusted`: the key that they named. */
export const bundleLines = (verdict: BundleVerdict, trusted: string | undefined): readonly string[] => {
  const { state, entity, records, findings } = verdict;
  return [
    ...findings.map(({ stream, seq, kind, detail }) => `${stream} seq ${seq}: ${kind}: ${detail}`),
    `${entity}: ${counted(records, 'record')}: ${STATES[state]}`,
    ...advice(verdict, trusted),
  ];
};

const advice = ({ state, coveredRecords, checkpoint }: BundleVerdict, trusted: string | undefined): readonly string[] => {
  if (state === 'damaged') return ['have it exported again; if that says the same, run `npx qiyue audit verify` on the ledger'];
  if (state === 'other-key')
    return [`it is signed by key ${checkpoint?.keyId ?? 'of nobody'}: is ${trusted} the one that was published, digit by digit?`];
  if (checkpoint === null) return [];
  const compare = trusted === undefined ? ': compare it with the one that was published' : ', which is the one that is trusted';
  return [`records 1 to ${coveredRecords} are under checkpoint ${checkpoint.n} of ${checkpoint.time}, signed by key ${checkpoint.keyId}${compare}`];
};
