import { AGGREGATES } from '@qiyue/aggregates';
import { eventTopicOf, openRecord } from '@qiyue/engine';
import { needsModel } from '@qiyue/need';
import { ActiveModel, projected, Quarantine, verifyLedger } from '@qiyue/engine-runtime';
import { ConsumerLag, consumerGroupsOf, REACTIONS_GROUP } from '@qiyue/platform';
import { eventually, type System, type TopicMessage } from '@qiyue/testkit';
import { idsByRecordedName } from './command-names';
import type { Step } from './need-plan';

/** A need and all commands that it has accepted, those of the clock too, in their order. A `Life` is one. */
export interface Lived {
  readonly needId: string;
  readonly commands: readonly { readonly id: string; readonly step: Pick<Step, 'gives'> }[];
}

/** What a system must be able to show after whatever was done to it. All lists are empty and all counts 0 when it is sound. */
export interface Soundness {
  readonly needs: number;
  readonly acceptedCommands: number;
  readonly ledgerRecords: number;
  readonly topicMessages: number;
  /** Messages that came again after a crash; consumers drop them by seq. */
  readonly topicRepeats: number;
  /** Accepted commands whose events are not all in the ledger. */
  readonly lost: readonly string[];
  /** Records beyond what the accepted commands give. */
  readonly doubled: readonly string[];
  /** Needs whose records are not in the order of their commands, and first occurrences on the topic that are out of order, with a gap, or with another content. */
  readonly disordered: readonly string[];
  readonly auditFindings: readonly string[];
  readonly forks: number;
  readonly quarantined: number;
  /** Documents in which the read model differed from its rebuild. */
  readonly changedByRebuild: number;
}

const DRAIN_BOUND_MS = 90_000;
const TOPICS = AGGREGATES.map(({ decider }) => eventTopicOf(decider.aggregate));
const REACTING = consumerGroupsOf(AGGREGATES).filter(({ group }) => group === REACTIONS_GROUP);

/** Milliseconds until what follows from events has followed, and ledger, feed, topics and read models have all caught up with each other. */
export const drain = async (system: System, lives: readonly Lived[]): Promise<number> => {
  const beganMs = performance.now();
  const expected = lives.reduce((sum, life) => sum + eventsOf(life).length, 0);
  let last = '';
  let before = -1;
  const lag = new ConsumerLag(system.servers.kafkaBrokers.split(','), 'campaign', { groups: REACTING, db: system.store.db });
  await eventually(
    'everything to have drained',
    async () => {
      const behind = (await lag.read()).reduce((sum, { messages }) => sum + messages, 0);
      if (behind > 0) throw new Error(`${behind} events to react to`);
      const [ledger, feed, published, model] = await Promise.all([
        system.store.ledger.countDocuments({}),
        system.store.feed.countDocuments({}),
        system.store.db.collection<{ _id: string; publishedN: number }>('relay').findOne({ _id: 'relay' }),
        modelRecords(system),
      ]);
      last = `ledger ${ledger}, feed ${feed}, published ${published?.publishedN ?? 0}, read model ${model}, expected at least ${expected}`;
      const isStill = ledger === before; // what a reaction asked for is answered before it is in the ledger
      before = ledger;
      if (isStill && ledger >= expected && feed === ledger && published?.publishedN === feed && model === ledger) return true;
      throw new Error(last);
    },
    DRAIN_BOUND_MS,
  ).finally(() => lag.close());
  return performance.now() - beganMs;
};

const modelRecords = async (system: System): Promise<number> => {
  const totals = AGGREGATES.map(async ({ model }) => {
    const collection = await new ActiveModel(system.store.db, model).collection();
    const sums = await collection.aggregate<{ total: number }>([{ $group: { _id: null, total: { $sum: '$seq' } } }]).toArray();
    return sums[0]?.total ?? 0;
  });
  return (await Promise.all(totals)).reduce((sum, total) => sum + total, 0);
};

/** Looks at everything: ledger against what was accepted, topic against ledger, hashes, read model against a rebuild. */
export const checkSoundness = async (system: System, lives: readonly Lived[]): Promise<Soundness> => {
  const lost: string[] = [];
  const doubled: string[] = [];
  const misplaced: string[] = [];
  for (const life of lives) {
    const wanted = eventsOf(life);
    const found = await recordedOf(system, life);
    lost.push(...wanted.filter((event) => !found.includes(event)));
    doubled.push(...surplusOf(found, wanted));
    if (found.join() !== wanted.join()) misplaced.push(life.needId);
  }
  const messages = await publishedOf(system);
  const { disordered, repeats } = await compareTopic(system, messages);
  const verification = await verifyLedger(system.store);
  let changedByRebuild = 0;
  for (const { model } of AGGREGATES) changedByRebuild += (await projected(system.store, model).rebuild()).changed;
  return {
    needs: lives.length,
    acceptedCommands: lives.reduce((sum, { commands }) => sum + commands.length, 0),
    ledgerRecords: verification.records,
    topicMessages: messages.length,
    topicRepeats: repeats,
    lost,
    doubled,
    disordered: [...misplaced, ...disordered],
    auditFindings: verification.findings.map(({ stream, seq, kind }) => `${stream}:${seq} ${kind}`),
    forks: await system.store.forks.countDocuments({}),
    quarantined: (await new Quarantine(system.store.db, needsModel.name).list()).length,
    changedByRebuild,
  };
};

export const isSound = (soundness: Soundness): boolean =>
  [soundness.lost, soundness.doubled, soundness.disordered, soundness.auditFindings].every((list) => list.length === 0) &&
  soundness.forks + soundness.quarantined + soundness.changedByRebuild === 0;

/** Every event on every topic of events. */
export const publishedOf = async ({ kafka }: System): Promise<readonly TopicMessage[]> =>
  (await Promise.all(TOPICS.map((topic) => kafka.readAll(topic)))).flat();

/** What the ledger holds of a need, in the form of `eventsOf`. */
const recordedOf = async (system: System, { needId, commands }: Lived): Promise<readonly string[]> => {
  const ids = await idsByRecordedName(
    system,
    needId,
    commands.map(({ id }) => id),
  );
  return (await system.store.stream(needId)).map((document) => {
    const { commandId } = openRecord(document);
    return `${ids.get(commandId) ?? commandId} ${document.type}`;
  });
};

const eventsOf = ({ commands }: Lived): readonly string[] => commands.flatMap(({ id, step }) => step.gives.map((type) => `${id} ${type}`));

/** What is found oftener than once, or belongs to none of the need's commands. */
const surplusOf = (found: readonly string[], wanted: readonly string[]): readonly string[] =>
  found.filter((event, i) => found.indexOf(event) !== i || !wanted.includes(event));

/** First occurrences must be the ledger's records, per entity from seq 1 without a gap; repeats must be the same again. */
export const compareTopic = async (
  system: System,
  messages: readonly TopicMessage[],
): Promise<{ readonly disordered: readonly string[]; readonly repeats: number }> => {
  const seen = new Map<string, string[]>();
  const disordered = new Set<string>();
  let repeats = 0;
  for (const { key, value } of messages) {
    const { sequence, hash } = JSON.parse(value ?? '') as { readonly sequence: string; readonly hash: string };
    const hashes = seen.get(key ?? '') ?? [];
    seen.set(key ?? '', hashes);
    const index = Number(sequence) - 1;
    if (index === hashes.length) hashes.push(hash);
    else if (hashes[index] === hash) repeats += 1;
    else disordered.add(`${key}:${sequence}`);
  }
  for await (const { entity, seq, hash } of system.store.ledger.find({}))
    if (seen.get(entity)?.[seq - 1] !== hash) disordered.add(`${entity}:${seq}`);
  return { disordered: [...disordered], repeats };
};
