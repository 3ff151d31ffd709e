import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { instantMsOf } from '@qiyue/engine';
import { fromCloudEvent } from '@qiyue/engine-runtime';
import { readToEnd, type ReadOptions } from '@qiyue/platform';
import { AUDIT, AUDIT_TOPIC } from './facts';
import { FactsLines, FactsWalk, type FactsHeader } from './facts-file';

export interface ExportedFacts {
  readonly records: number;
  /** Messages of the topic that are no facts, or do not fit those before them: left out, and to be looked at with `audit verify`. */
  readonly left: number;
}

export interface FactsSource {
  readonly brokers: readonly string[];
  readonly topic?: string;
  readonly security?: ReadOptions['security'];
}

/**
 * Writes the facts of a time from their topic into a file that can be verified without any server. The file is there whole or not at all,
 * readable by its user alone.
 */
export const exportFacts = async (source: FactsSource, path: string, head: FactsHeader): Promise<ExportedFacts> => {
  const [lines, walk, partial] = [new FactsLines(), new FactsWalk(), `${path}.part`];
  const file = createWriteStream(partial, { mode: 0o600 });
  const write = async (line: string): Promise<void> => void (file.write(line) || (await once(file, 'drain')));
  const isWithin = within(head);
  let [records, left] = [0, 0];
  await write(lines.first(head));
  const onBatch = async (values: readonly string[]): Promise<void> => {
    for (const value of values) {
      const received = fromCloudEvent(value);
      const body = received.ok && received.record.body.aggregate === AUDIT ? received.record.body : null;
      if (body !== null && !isWithin(body.time)) continue;
      const step = body === null || !received.ok ? 'broken' : walk.take(body, received.record.hash);
      if (step === 'broken' || body === null) left += 1;
      else if (step === 'next') {
        records += 1;
        await write(lines.record(body));
      }
    }
  };
  await readToEnd(source.brokers, source.topic ?? AUDIT_TOPIC, serial(onBatch), source.security === undefined ? {} : { security: source.security });
  await write(lines.last());
  await new Promise<void>((resolve, reject) => file.end((error?: Error | null) => (error ? reject(error) : resolve())));
  await rename(partial, path);
  return { records, left };
};

/** Partitions are read side by side, and a file is written one line after the other. */
const serial = (work: (values: readonly string[]) => Promise<void>): ((values: readonly string[]) => Promise<void>) => {
  let last = Promise.resolve();
  return (values) => (last = last.then(() => work(values)));
};

const within = ({ from, to }: Pick<FactsHeader, 'from' | 'to'>): ((time: string) => boolean) => {
  const [fromMs, toMs] = [from === null ? -Infinity : instantMsOf(from), to === null ? Infinity : instantMsOf(to)];
  return (time) => {
    const ms = instantMsOf(time);
    return ms >= fromMs && ms < toMs;
  };
};
