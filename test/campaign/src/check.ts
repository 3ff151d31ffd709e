import { randomBytes } from 'node:crypto';
import { KafkajsEventBus, needsModel, type IncomingMessage } from '@qiyue/adapters';
import { eventTopicOf, openRecord } from '@qiyue/engine';
import { ActiveModel, fromCloudEvent, rebuildModel, verifyLedger } from '@qiyue/engine-runtime';
import { eventually } from '@qiyue/testkit';
import { RECORDS_PER_LIFE, type Lives } from './lives';
import type { System } from './system';

/** What was found after the dust has settled. Everything but the first two has to be zero or true. */
export interface Checked {
  readonly accepted: number;
  readonly records: number;
  readonly lost: number;
  readonly doubled: number;
  readonly gaps: number;
  readonly outOfOrder: number;
  readonly missingOnTopic: number;
  /** Copies that consumers drop by seq: allowed, but worth knowing. */
  readonly repeatedOnTopic: number;
  readonly ledgerOk: boolean;
  readonly modelBehind: number;
  readonly modelChangedByRebuild: number;
}

const SETTLED_WITHIN_MS = 90_000;

/** Waits until everything has come through, then looks at ledger, topic and read model. */
export const check = async (system: System, lives: Lives): Promise<Checked> => {
  const { store } = system;
  const mine = { entity: { $in: [...lives.needIds] } };
  const expected = lives.needIds.length * RECORDS_PER_LIFE;
  await eventually('all records in the ledger', async () => (await store.ledger.countDocuments(mine)) >= expected, SETTLED_WITHIN_MS);
  const messages = await readAll(system, await store.ledger.estimatedDocumentCount());
  const model = await new ActiveModel(store.db, needsModel).collection();
  const whole = { _id: { $in: [...lives.needIds] }, seq: RECORDS_PER_LIFE };
  await eventually(
    'the read model to have seen all',
    async () => (await model.countDocuments(whole)) === lives.needIds.length,
    SETTLED_WITHIN_MS,
  ).catch(() => undefined);
  const documents = await store.ledger.find(mine).sort({ entity: 1, seq: 1 }).toArray();
  const perCommand = new Map<string, number>();
  for (const document of documents) {
    const { commandId, type } = openRecord(document);
    if (type !== 'NeedEvaluated') perCommand.set(commandId, (perCommand.get(commandId) ?? 0) + 1);
  }
  return {
    accepted: lives.accepted.length,
    records: documents.length,
    lost: lives.accepted.filter(({ commandId }) => !perCommand.has(commandId)).length,
    doubled: [...perCommand.values()].filter((count) => count > 1).length,
    gaps: documents.filter(({ entity, seq }, i) => seq !== (documents[i - 1]?.entity === entity ? (documents[i - 1]?.seq ?? 0) + 1 : 1)).length,
    ...topicFindings(messages, lives.needIds),
    ledgerOk: (await verifyLedger(store)).ok,
    modelBehind: lives.needIds.length - (await model.countDocuments(whole)),
    modelChangedByRebuild: (await rebuildModel(store, needsModel, () => undefined)).changed,
  };
};

export const isClean = ({ lost, doubled, gaps, outOfOrder, missingOnTopic, ledgerOk, modelBehind, modelChangedByRebuild }: Checked): boolean =>
  ledgerOk && [lost, doubled, gaps, outOfOrder, missingOnTopic, modelBehind, modelChangedByRebuild].every((count) => count === 0);

const topicFindings = (
  messages: readonly IncomingMessage[],
  needIds: readonly string[],
): Pick<Checked, 'outOfOrder' | 'missingOnTopic' | 'repeatedOnTopic'> => {
  const last = new Map<string, number>();
  let outOfOrder = 0;
  let repeatedOnTopic = 0;
  for (const { value } of messages) {
    const received = fromCloudEvent(value);
    if (!received.ok) continue;
    const { entity, seq } = received.record.body;
    const reached = last.get(entity) ?? 0;
    if (seq <= reached) repeatedOnTopic += 1;
    else if (seq > reached + 1) outOfOrder += 1;
    last.set(entity, Math.max(reached, seq));
  }
  return { outOfOrder, repeatedOnTopic, missingOnTopic: needIds.filter((needId) => (last.get(needId) ?? 0) < RECORDS_PER_LIFE).length };
};

/** The whole events topic, once at least as many different events are on it as the ledger holds records. */
const readAll = async (system: System, records: number): Promise<readonly IncomingMessage[]> => {
  const messages: IncomingMessage[] = [];
  const seen = new Set<string>();
  const bus = new KafkajsEventBus(system.brokers.split(','), 'campaign-check');
  const subscription = await bus.subscribe({ groupId: `check-${randomBytes(6).toString('hex')}`, topics: [eventTopicOf('need')] }, (batch) => {
    messages.push(...batch);
    for (const { value } of batch) seen.add(value ?? '');
    return Promise.resolve();
  });
  await eventually('all events on the topic', () => seen.size >= records, SETTLED_WITHIN_MS).catch(() => undefined); // what is missing is counted
  await subscription.close();
  return messages;
};
