import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ConfigResourceTypes, Kafka, logLevel, type Admin, type Consumer } from 'kafkajs';
import { AUDIT, TopicStanding } from '@qiyue/audit';
import { commandOf, NoticeStore, planSealOf, RightsSeal } from '@qiyue/edge';
import { actor, type TroubleKind } from '@qiyue/notices';
import { connectTemporal } from '@qiyue/platform';
import { KeyFolder } from '@qiyue/privacy';
import { need, needsModel } from '@qiyue/need';
import { mergeSaga, needDecider } from '@qiyue/need-domain';
import { scriptIn, THIS_RELEASE } from '@qiyue/campaign';
import type { Client } from '@temporalio/client';
import { openRecord, reactionCommandId, sealRecord, toShanghaiIso, workflowIdOf, type SagaPlan } from '@qiyue/engine';
import {
  ActiveModel,
  Incidents,
  type ParkedReaction,
  Quarantine,
  RefusedReactions,
  SagaRuns,
  toLedgerDocument,
  type LedgerDocument,
} from '@qiyue/engine-runtime';
import { ensureTopics } from '@qiyue/stack';
import { BUREAU, eventually, NEED_BODY, PEOPLE, withAdmin, type System } from '@qiyue/testkit';
import { Steps } from '../e2e/steps';
import { messagesOf, qiyue, readyOf, runQiyue } from './operator-surfaces';

export const [COMMANDS, EVENTS] = ['qiyue.need.commands', 'qiyue.need.events'];
const FORGED_KEY = { id: 'f'.repeat(16), secret: 'x'.repeat(43) };
let stranger: Consumer | null = null;
const UNDELIVERED = ['refused', 'hanging'] as const;
const OPERATOR = { actor: 'operator-1', role: 'operator' };
const LONG_AGO = new Date('2020-01-01');
const NEVER = new Date('2225-01-01');
const EVENT_BYTES = 8_000;
const SEEN_BOUND_MS = 30_000;
const { resident, community, department } = PEOPLE;

/** The needs of the story; each meets one fault. */
export interface World {
  readonly system: System;
  /** A release whose rules were changed without saying so. */
  readonly undeclared: string;
  /** Where checkpoints lie, and their key. */
  readonly evidence: NodeJS.ProcessEnv;
  readonly needs: Readonly<Record<'late' | 'tampered' | 'aside' | 'terminated' | 'merged' | 'forked' | 'unappended' | 'claimed', string>>;
}

export interface Fault {
  /** What it is seen as. */
  readonly kinds: readonly TroubleKind[];
  /** Why rows are planted instead, where the fault itself cannot be had in the time of a test. */
  readonly isPlanted?: string;
  readonly inject: (world: World) => Promise<unknown>;
  /** What the help of its kind and its page say. */
  readonly mend: (world: World) => Promise<unknown>;
}

const seen = ({ system }: World, ...kinds: readonly TroubleKind[]): Promise<unknown> =>
  eventually(
    `${kinds.join(' and ')} to be seen`,
    async () => {
      const { troubles } = await readyOf(system);
      const unseen = kinds.filter((kind) => (troubles[kind].count ?? 0) === 0);
      if (unseen.length > 0) throw new Error(`${unseen.join(', ')} not yet`);
      return true;
    },
    SEEN_BOUND_MS,
  );

const audits = ({ system }: World) => system.store.db.collection<{ _id: string; goodAt: Date }>('audits');
const wasGoodLongAgo = async (world: World, _id: string): Promise<unknown> =>
  audits(world).updateOne({ _id }, { $set: { goodAt: LONG_AGO } }, { upsert: true });

const proveAnew = async ({ system, evidence }: World): Promise<void> => {
  for (const command of ['checkpoint', 'verify']) {
    const { code, out, said } = await runQiyue(system, ['audit', command], evidence);
    if (code !== 0) throw new Error(`audit ${command}: ${said}${out}`);
  }
};

const lastOf = async ({ system }: World, needId: string): Promise<LedgerDocument> => (await system.store.stream(needId)).at(-1) as LedgerDocument;

const temporal = async <T>({ system }: World, work: (client: Client) => Promise<T>): Promise<T> => {
  const { address, namespace } = system.servers.temporal;
  const { client, connection } = connectTemporal({ QIYUE_TEMPORAL_ADDRESS: address, QIYUE_TEMPORAL_NAMESPACE: namespace });
  return work(client).finally(() => connection.close());
};

const trigger = (world: World, scheduleId: string): Promise<unknown> =>
  temporal(world, ({ schedule }) =>
    eventually('the schedule', () =>
      schedule
        .getHandle(scheduleId)
        .trigger()
        .then(() => true),
    ),
  );

const admin = <T>({ system }: World, work: (admin: Admin) => Promise<T>): Promise<T> => withAdmin(system.servers.kafkaBrokers.split(','), work);

/** The topic's other settings stay: kafkajs sets all at once. */
const limitEvents = (world: World, bytes: number): Promise<unknown> =>
  admin(world, async (kafka) => {
    const resource = { type: ConfigResourceTypes.TOPIC, name: EVENTS };
    const { resources } = await kafka.describeConfigs({ includeSynonyms: false, resources: [resource] });
    const own = (resources[0]?.configEntries ?? []).filter(({ configSource }) => Number(configSource) === 1);
    const entries = own.map(({ configName, configValue }) => ({
      name: configName,
      value: configName === 'max.message.bytes' ? String(bytes) : configValue,
    }));
    await kafka.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries: entries }] });
  });

/** What `qiyue up` does. */
const mendTopics = ({ system }: World): Promise<void> => ensureTopics(system.servers.kafkaBrokers, ['need']);

const refuseCommand = ({ system }: World, commandId: string | null): Promise<unknown> =>
  system.store.db.command({ collMod: 'ledger', validator: commandId === null ? {} : { commandId: { $ne: commandId } }, validationLevel: 'strict' });

const UNAPPENDED = 'the-ledger-does-not-take-this';

/** In the order in which they are injected; they are mended the other way round. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'evidence that is old': {
    kinds: ['checkpoint-old', 'verification-old'],
    isPlanted: 'a checkpoint is old after hours, a verification after a day and a half: their times are set back',
    inject: async (world) => {
      await proveAnew(world);
      for (const id of ['checkpoint:', `checkpoint:${AUDIT}`, 'good-verification']) await wasGoodLongAgo(world, id);
      await seen(world, 'checkpoint-old', 'verification-old');
    },
    mend: (world) => proveAnew(world),
  },
  'a step of a deadline that was not taken': {
    kinds: ['overdue-timer'],
    isPlanted: 'a step counts as missed five minutes behind its time: the read model is changed',
    inject: async (world) => {
      const model = await new ActiveModel(world.system.store.db, needsModel).collection();
      await model.updateOne({ _id: world.needs.late } as object, { $set: { 'view.clock.steps.0.at': '2020-01-01T00:00:00.000+08:00' } });
    },
    mend: ({ system }) => qiyue(system, 'projections', 'rebuild'),
  },
  'a record that somebody has changed': {
    kinds: ['verification-findings', 'ledger-unsound'],
    inject: async (world) => {
      const { _id, canonical } = await lastOf(world, world.needs.tampered);
      await world.system.store.ledger.updateOne({ _id }, { $set: { canonical: canonical.replace(NEED_BODY.title, '改过的标题') } });
      await trigger(world, 'qiyue-verification');
      await seen(world, 'verification-findings', 'ledger-unsound');
    },
    mend: ({ system, needs, evidence }) => runQiyue(system, ['audit', 'restore', needs.tampered, '--from-topic'], evidence),
  },
  'a message that nobody can read': {
    kinds: ['dead-letter'],
    inject: async (world) => {
      await world.system.kafka.sendRaw(COMMANDS, 'k', '{"specversion":');
      await seen(world, 'dead-letter');
    },
    // What was held up elsewhere comes in meanwhile, and has its own letter.
    mend: ({ system }) =>
      eventually(
        'nothing to stand aside',
        async () => {
          const standing = await messagesOf(system);
          for (const { id, state } of standing) if (state === 'dead') await qiyue(system, 'messages', 'skip', id);
          return standing.length === 0;
        },
        SEEN_BOUND_MS,
      ),
  },
  'a record that the broker refuses': {
    kinds: ['record-refused'],
    inject: async (world) => {
      await limitEvents(world, EVENT_BYTES);
      await new Steps(world.system).submit({ description: '中'.repeat(5_000) });
      await seen(world, 'record-refused');
    },
    mend: async (world) => {
      await mendTopics(world);
      for (const { id, state } of await messagesOf(world.system)) if (state === 'set-aside') await qiyue(world.system, 'messages', 'retry', id);
    },
  },
  'a record that the read model cannot take': {
    kinds: ['quarantined'],
    isPlanted:
      'it takes a record that is sealed and impossible, which nobody could take out of ledger and topic again: see the tests of the read model',
    inject: async (world) => {
      await new Quarantine(world.system.store.db, needsModel.name).add(world.needs.aside, 2, 'planted');
      await seen(world, 'quarantined');
    },
    mend: ({ system, needs: { aside } }) => qiyue(system, 'projections', 'release', aside),
  },
  'a workflow that somebody has terminated': {
    kinds: ['lost'],
    inject: async (world) => {
      await temporal(world, ({ workflow }) => workflow.getHandle(workflowIdOf('need', world.needs.terminated)).terminate('by hand'));
      await seen(world, 'lost');
    },
    mend: ({ system, needs }) => qiyue(system, 'audit', 'reconcile', '--entity', needs.terminated),
  },
  'a merge into a need that is lost': {
    kinds: ['saga-waiting'],
    isPlanted: 'begun as an API begins it, but for an answer: that would be parked as well once it is late',
    inject: async (world) => {
      const { merged, terminated } = world.needs;
      const rights = new RightsSeal(new KeyFolder(join(world.system.dataDir, 'keys')));
      const { actor: id, role, unit } = community;
      const asked = { commandId: 'merged-into-nothing', actor: { id, role, unit }, channel: 'http', receivedAt: toShanghaiIso(Date.now()) } as const;
      const { starts: _, ...command } = commandOf(asked, need, 'merge', merged, { into: terminated });
      const context = { ...asked, now: asked.receivedAt, entity: merged, tables: {}, rules: 1 };
      const plan = mergeSaga.plan({ type: 'merge', data: { into: terminated } }, needDecider.initial, context, {
        followers: [resident.actor],
      }) as SagaPlan;
      await temporal(world, (client) =>
        new SagaRuns(client, world.system.store, { seal: planSealOf(rights) }).start({ command, plan }, 'at-once', Date.now() + SEEN_BOUND_MS),
      );
      await seen(world, 'saga-waiting');
    },
    mend: () => Promise.resolve(), // it goes on by itself once its target does
  },
  'a foreign record in the ledger, under a need that goes on': {
    kinds: ['forked'],
    inject: async (world) => {
      const { system, needs } = world;
      const last = await lastOf(world, needs.forked);
      const foreign = {
        ...openRecord(last),
        seq: last.seq + 1,
        type: 'NeedInspected',
        commandId: 'foreign',
        data: { notes: '别处写的' },
        prevHash: last.hash,
      };
      await system.store.insertInOrder([toLedgerDocument(sealRecord(foreign))]);
      const { status } = await system.post(`/v1/needs/${needs.forked}/inspect`, community, { notes: '现场核实' });
      if (status === 200) throw new Error('what the ledger does not take was acknowledged');
      await seen(world, 'forked');
    },
    // What was decided against another past is named: the program says so with its exit code.
    mend: ({ system, needs }) => runQiyue(system, ['audit', 'release', needs.forked, '--from-ledger']),
  },
  'a ledger that does not take what was answered': {
    kinds: ['append-stuck'],
    inject: async (world) => {
      await refuseCommand(world, UNAPPENDED);
      await world.system.post(`/v1/needs/${world.needs.unappended}/claim`, department, { unit: BUREAU, plan: '两周内完工' }, UNAPPENDED);
      await seen(world, 'append-stuck');
    },
    mend: (world) => refuseCommand(world, null),
  },
  'a release whose rules were changed without saying so': {
    kinds: ['diverged', 'command-parked'],
    inject: async (world) => {
      const { system, undeclared, needs } = world;
      await system.replace('worker', scriptIn(undeclared, 'worker'));
      const token = await system.token(department);
      const data = { amountFen: 860_000, source: 'department', reference: '2026-118' };
      await system.kafka.send({ id: `fund-${needs.claimed}`, type: 'fund', subject: needs.claimed, data, token });
      await seen(world, 'diverged', 'command-parked');
    },
    mend: async ({ system }) => {
      await system.replace('worker', scriptIn(THIS_RELEASE, 'worker'));
      for (const { id, state } of await messagesOf(system)) if (state === 'parked') await runQiyue(system, ['messages', 'retry', id]);
    },
  },
  'a flush in vain, and rules that a process does not know': {
    kinds: ['flush-stuck', 'rules-unknown'],
    isPlanted:
      'the one takes a bug, the other a second version of the rules: see the campaign of the rolling upgrade. The need that diverged has both',
    inject: async ({ system, needs: { claimed } }) => {
      for (const kind of ['flush-stuck', 'rules-unknown'] as const)
        await new Incidents(system.store.db).note({ kind, subject: claimed, entity: claimed, why: 'planted' });
    },
    mend: () => Promise.resolve(), // with the right release the worker finds that the need agrees again
  },
  'what follows from a record and waits, and what was refused': {
    kinds: ['reaction-parked', 'reaction-refused'],
    isPlanted: 'nothing reacts to needs yet: see the tests of the reactions, where an entity does not answer and another refuses',
    inject: async (world) => {
      const { db } = world.system.store;
      const { claimed: entity, late } = world.needs;
      const command = (nth: number) => ({
        commandId: reactionCommandId({ entity, seq: 1 }, 'planted', nth),
        aggregate: 'need',
        entity: late,
        type: 'x',
      });
      // In one step: a source that is due is gone on with at once, and then it is no trouble.
      await db.collection<ParkedReaction>('parkedReactions').insertOne({
        ...{ _id: entity, aggregate: 'need', upTo: 1, seq: 1, why: 'lost', command: command(1), broke: null, attempts: 0 },
        ...{ parkedAt: new Date(), nextAt: NEVER },
      });
      const source = { aggregate: 'need', entity, seq: 1 };
      await new RefusedReactions(db).note({ _id: command(2).commandId, source, reaction: 'planted', command: command(2), why: 'over-budget' });
      await seen(world, 'reaction-parked', 'reaction-refused');
    },
    mend: async ({ system, needs: { claimed } }) => {
      await qiyue(system, 'messages', 'skip', `reaction:${claimed}`, '--why', 'planted');
      await qiyue(system, 'messages', 'skip', reactionCommandId({ entity: claimed, seq: 1 }, 'planted', 2));
      await system.store.db.collection<{ _id: string }>('parkedReactions').deleteOne({ _id: claimed }); // nobody reacts to needs, who would go on with it
    },
  },
  'a topic that is gone': {
    kinds: ['batch-retrying', 'topic-missing'],
    inject: async (world) => {
      await admin(world, (kafka) => kafka.deleteTopics({ topics: [`${EVENTS}.dead`] }));
      await world.system.kafka.sendRaw(EVENTS, 'k', 'no event');
      await seen(world, 'batch-retrying', 'topic-missing');
    },
    mend: mendTopics,
  },
  'a relay and an intake that do not run': {
    kinds: ['process-missing', 'relay-lag', 'consumer-lag'],
    inject: async ({ system }) => {
      await Promise.all([system.app('relay').stop(), system.app('intake').stop()]);
      await system.post('/v1/needs', resident, NEED_BODY); // nobody publishes it
      await system.kafka.sendRaw(COMMANDS, 'k', 'nobody reads this');
    },
    mend: ({ system }) => Promise.all((['relay', 'intake'] as const).map((name) => system.app(name).restart())),
  },
  'a key that nobody has made': {
    kinds: ['right-forged'],
    inject: async (world) => {
      const hash = createHash('sha256').update(FORGED_KEY.secret).digest('hex');
      const by = { createdBy: 'op-1', approvedBy: 'op-2', createdAt: '2026-01-01T00:00:00.000+08:00', approvedAt: '2026-01-01T00:00:00.000+08:00' };
      const open = { isPending: false, expiresAt: null, revokedAt: null, lastUsedOn: null };
      const row = { _id: FORGED_KEY.id, hash, name: 'backup', role: 'centre', unit: null, scopes: ['read', 'personal'], ...by, ...open };
      await world.system.store.db.collection<{ _id: string }>('apiKeys').insertOne(row);
      const { status } = await fetch(`${world.system.base}/v1/needs`, {
        headers: { authorization: `Bearer qk_${FORGED_KEY.id}_${FORGED_KEY.secret}` },
      });
      if (status !== 401) throw new Error(`a forged key was answered ${status}`);
      await seen(world, 'right-forged');
    },
    mend: ({ system }) => runQiyue(system, ['audit', 'rights', '--remove', `apiKeys:${FORGED_KEY.id}`]),
  },
  'a stranger that reads in the name of our group': {
    kinds: ['foreign-reader'],
    inject: async (world) => {
      const { system } = world;
      stranger = new Kafka({ brokers: system.servers.kafkaBrokers.split(','), clientId: 'stranger', logLevel: logLevel.NOTHING }).consumer({
        groupId: 'qiyue.notifications',
      });
      await stranger.connect();
      await stranger.subscribe({ topics: [EVENTS] });
      await stranger.run({ eachMessage: () => Promise.resolve() });
      await seen(world, 'foreign-reader');
    },
    mend: async () => stranger?.disconnect(),
  },
  'notices that nobody takes': {
    kinds: ['notice-refused', 'notice-hanging'],
    isPlanted: 'no channel is on: this system sends nothing',
    inject: async (world) => {
      const notices = new NoticeStore(world.system.store.db);
      for (const state of UNDELIVERED) {
        const at = toShanghaiIso(Date.now());
        const base = { key: state, entity: world.needs.late, aggregate: 'need', seq: 1, type: 'NeedSubmitted', recipient: actor('a'), urgent: false };
        const words = { channel: 'email' as const, to: 'a', language: 'zh-CN' as const, subject: 'S', text: 'T' };
        await notices.insert([{ ...base, ...words, at, sendAt: '9999-12-31T00:00:00.000+08:00' }]);
        await notices.claim([state], { id: state, untilMs: Date.now() + SEEN_BOUND_MS });
        await notices.settle(state, { state, reason: 'private-host' }, at);
      }
      await seen(world, 'notice-refused', 'notice-hanging');
    },
    mend: ({ system }) => Promise.all(UNDELIVERED.map((state) => system.post(`/v1/notices/${state}/retry`, OPERATOR, {}))),
  },
  'a topic that says something else than the ledger': {
    kinds: ['topic-differs'],
    isPlanted: 'nobody takes a message from a topic again: what the relay noted last is changed while it does not run',
    inject: async (world) => {
      await new TopicStanding(world.system.store).note({ comparedUpTo: 0, unseen: 0, next: null, holes: 0, firstHole: null, differing: 1 });
      await seen(world, 'topic-differs');
    },
    mend: () => Promise.resolve(), // the relay looks again
  },
};
