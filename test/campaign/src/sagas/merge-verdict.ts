import { connectTemporal } from '@qiyue/platform';
import { openRecord, type RecordBody } from '@qiyue/engine';
import { verifyLedger, waitingSagas } from '@qiyue/engine-runtime';
import { eventually, type System } from '@qiyue/testkit';
import { compareTopic, publishedOf } from '../checks';
import type { Given } from './merge-load';
import { MergeSender, type Answer } from './merge-sender';

const END_BOUND_MS = 90_000;

/** What is wrong once all is quiet; empty when nothing is. `takenBack`: adoptions that were, for a source that refused. */
export interface Verdict {
  readonly wrong: readonly string[];
  readonly takenBack: number;
  readonly ledgerRecords: number;
}

/** Each command has one answer, the same over every channel and whenever it is asked again; and what was done is what was answered. */
export const verdictOn = async (system: System, given: readonly Given[]): Promise<Verdict> => {
  await everySagaToEnd(system);
  const answers = (await Promise.all(given.map((command) => otherAnswers(system, command)))).flat();
  const { findings, records } = await verifyLedger(system.store);
  const { disordered } = await compareTopic(system, await publishedOf(system));
  const streams = new Streams(system);
  const done = await Promise.all(given.map((command) => halfDone(streams, command, given)));
  return {
    wrong: [
      ...answers,
      ...done.flatMap(({ wrong }) => wrong),
      ...findings.map(({ stream, seq, kind }) => `${stream}:${seq} ${kind}`),
      ...disordered.map((place) => `${place} is out of order on the topic`),
    ],
    takenBack: done.reduce((sum, { takenBack }) => sum + takenBack, 0),
    ledgerRecords: records,
  };
};

const everySagaToEnd = async ({ servers }: System): Promise<void> => {
  const { address, namespace } = servers.temporal;
  const { client, connection } = connectTemporal({ QIYUE_TEMPORAL_ADDRESS: address, QIYUE_TEMPORAL_NAMESPACE: namespace });
  try {
    await eventually(
      'every saga to end',
      async () => {
        const [oldest] = await waitingSagas(client);
        if (oldest !== undefined)
          throw new Error(`${oldest.workflowId} ${oldest.what} waits for ${oldest.waits?.for ?? 'nobody'} ${oldest.waits?.why ?? ''}`);
        return true;
      },
      END_BOUND_MS,
    );
  } finally {
    await connection.close();
  }
};

const wordsOf = (answer: Answer | null): string =>
  answer === null ? 'none' : answer.state === 'accepted' ? `accepted at ${answer.seq}` : `refused as ${answer.code}`;

/** Asked again over HTTP, and of the log of commands. */
const otherAnswers = async (system: System, command: Given): Promise<readonly string[]> => {
  const sender = new MergeSender(system);
  const again = [await sender.send('http', command), await eventually('the log to know', () => sender.known(command), END_BOUND_MS)];
  const words = new Set([...command.answers, ...again].map(wordsOf));
  return words.size === 1 ? [] : [`${command.type} ${command.id} has ${words.size} answers: ${[...words].join(' | ')}`];
};

/** Of each need, read once. */
class Streams {
  private readonly read = new Map<string, Promise<readonly RecordBody[]>>();

  constructor(private readonly system: System) {}

  of(needId: string): Promise<readonly RecordBody[]> {
    const known = this.read.get(needId) ?? this.system.store.stream(needId).then((documents) => documents.map((document) => openRecord(document)));
    this.read.set(needId, known);
    return known;
  }
}

const halfDone = async (
  streams: Streams,
  { type, needId, id, data, answers }: Given,
  all: readonly Given[],
): Promise<{ readonly wrong: readonly string[]; readonly takenBack: number }> => {
  const isAccepted = answers[0]?.state === 'accepted';
  const own = (await streams.of(needId)).filter((record) => record.commandId === id).map((record) => record.type);
  const expected = isAccepted ? [type === 'merge' ? 'NeedMerged' : 'NeedClaimed'] : [];
  const wrong = own.join() === expected.join() ? [] : [`${type} ${id} gave ${own.join() || 'nothing'}, and was ${wordsOf(answers[0] ?? null)}`];
  if (type === 'claim') return { wrong, takenBack: 0 };
  const { into } = data as { readonly into: string };
  const ofSource = (await streams.of(into))
    .filter((record) => (record.data as { readonly from?: string }).from === needId)
    .map((record) => record.type);
  const others = all.filter((other) => other.needId === needId && other.id !== id).filter(({ answers: [first] }) => first?.state === 'accepted');
  const isRight = isAccepted ? ofSource.join() === 'NeedAdopted' && others.length === 0 : ['', 'NeedAdopted,NeedUnadopted'].includes(ofSource.join());
  return {
    wrong: isRight
      ? wrong
      : [...wrong, `${into} has ${ofSource.join() || 'nothing'} of ${needId}, whose merge ${id} was ${wordsOf(answers[0] ?? null)}`],
    takenBack: ofSource.filter((each) => each === 'NeedUnadopted').length,
  };
};
