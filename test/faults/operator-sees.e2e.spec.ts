import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT, AuditLog, needsModel, TopicStanding, TROUBLE_KINDS, TROUBLES, type TroubleKind } from '@qiyue/adapters';
import { ActiveModel, Incidents, Quarantine, type IncidentKind } from '@qiyue/engine-runtime';
import { eventually, NEED_BODY, PEOPLE, startSystem, type System } from '@qiyue/testkit';
import { alarmsOf, qiyue, readyOf, sampleOf, shownOf, surfacesOf, type Surfaces } from './operator-surfaces';

const LONG_AGO = new Date('2020-01-01');
const OPERATOR = { actor: 'operator-1', role: 'operator' };
const COMMANDS = 'qiyue.need.commands';

const incident =
  (kind: IncidentKind) =>
  ({ store }: System): Promise<void> =>
    new Incidents(store.db).note({ kind, subject: `subject-of-${kind}`, why: 'planted' });

const audits = ({ store }: System) => store.db.collection<{ _id: string; goodAt: Date }>('audits');
const wasGoodLongAgo = async (system: System, _id: string): Promise<void> =>
  void (await audits(system).updateOne({ _id }, { $set: { goodAt: LONG_AGO } }, { upsert: true }));

/** How each kind of trouble comes about; whatever adds a kind adds its fault here. The relay and the intake are stopped for those that have none. */
const FAULTS: Readonly<Record<TroubleKind, (system: System) => Promise<unknown>>> = {
  'process-missing': (system) => system.app('relay').stop(),
  'relay-lag': (system) => system.post('/v1/needs', PEOPLE.resident, NEED_BODY), // nobody publishes it
  'consumer-lag': async (system) => {
    await system.app('intake').stop();
    await system.kafka.sendRaw(COMMANDS, 'k', 'nobody reads this');
  },
  'batch-retrying': ({ store }) =>
    new Incidents(store.db).note({
      ...{ kind: 'batch-retrying', subject: `qiyue.intake.need/${COMMANDS}/0`, why: 'Error' },
      place: { topic: COMMANDS, partition: 0, offset: '0' },
    }),
  'record-refused': incident('record-refused'),
  'command-parked': incident('command-parked'),
  'dead-letter': ({ store }) =>
    store.db.collection<{ _id: string }>('deadLetters').insertOne({
      ...{
        _id: `${COMMANDS}:0:0`,
        topic: COMMANDS,
        partition: 0,
        offset: '0',
        reason: 'malformed',
        reader: 'intake',
        hash: '',
        at: '2026-01-01',
        state: 'open',
      },
    }),
  quarantined: ({ store }) => new Quarantine(store.db, needsModel.name).add('n1', 3, 'planted'),
  forked: ({ store }) => store.noteFork('n1', { why: 'planted', offeredHash: 'f'.repeat(64), seq: 3 } as never),
  // As the relay noted it last; nobody looks again, since it is stopped.
  'topic-differs': ({ store }) => new TopicStanding(store).note({ comparedUpTo: 0, unseen: 0, next: null, holes: 0, firstHole: null, differing: 1 }),
  diverged: incident('diverged'),
  'rules-unknown': incident('rules-unknown'),
  'flush-stuck': incident('flush-stuck'),
  'append-stuck': incident('append-stuck'),
  lost: incident('lost'),
  'ledger-unsound': incident('ledger-unsound'),
  'overdue-timer': async ({ store }) => {
    const model = await new ActiveModel(store.db, needsModel).collection();
    await model.updateOne({} as object, { $set: { 'view.clock.steps.0.at': '2020-01-01T00:00:00.000+08:00' } });
  },
  'checkpoint-old': (system) => Promise.all(['checkpoint:', `checkpoint:${AUDIT}`].map((id) => wasGoodLongAgo(system, id))),
  'verification-old': async (system) => {
    await new AuditLog(system.store.db).note({ at: '2026-01-01T03:00:00.000+08:00', ok: true, records: 1, checkpoint: null, findings: [] });
    await wasGoodLongAgo(system, 'good-verification');
  },
  'verification-findings': ({ store }) =>
    new AuditLog(store.db).note({
      ...{ at: '2026-01-02T03:00:00.000+08:00', ok: false, records: 1, checkpoint: null },
      findings: [{ stream: 'n1', seq: 3, kind: 'missing', detail: 'planted' }],
    }),
};

/** Every fault of the list is planted; every place where an operator looks has to change. */
describe('what is broken', () => {
  let system: System;
  let before: Surfaces;
  let after: Surfaces;
  beforeAll(async () => {
    system = await startSystem();
    await system.post('/v1/needs', PEOPLE.resident, NEED_BODY);
    await eventually('the read model to have a need', async () => (await new ActiveModel(system.store.db, needsModel).collection()).findOne({}));
    before = await surfacesOf(system);
    for (const kind of TROUBLE_KINDS) await FAULTS[kind](system);
    await eventually(
      'every kind of trouble to be seen',
      async () => {
        const ready = await readyOf(system);
        return TROUBLE_KINDS.every((kind) => (ready.troubles[kind].count ?? 0) > 0) && ready;
      },
      60_000,
    ).catch(() => readyOf(system)); // which one is not seen is said below
    await eventually(
      'a lag to be told of',
      async () => (await alarmsOf(system)).some((text) => text.includes(TROUBLES['consumer-lag'].words.en)),
      40_000,
    ).catch(() => undefined);
    after = await surfacesOf(system);
  }, 150_000);
  afterAll(() => system?.stop(), 60_000);

  it.each(TROUBLE_KINDS)('shows in ready, metrics, status and an alarm: %s', (kind) => {
    expect(shownOf(before, kind)).toEqual({ ready: { count: 0, help: null }, status: { count: 0, help: null }, metric: 0, isTold: false });
    const shown = shownOf(after, kind);
    const { help } = TROUBLES[kind];
    expect(shown).toMatchObject({ ready: { help }, status: { help }, isTold: true });
    for (const count of [shown.ready.count, shown.status?.count, shown.metric]) expect(count).toBeGreaterThan(0);
  });

  it('leaves the API ready, and says that it is degraded', () => {
    expect([before.ready.status, before.ready.degraded, after.ready.status, after.ready.degraded]).toEqual([200, false, 200, true]);
  });

  it('has exact figures in the metrics', () => {
    const of = ({ metrics }: Surfaces) =>
      ['qiyue_relay_lag_records', 'qiyue_consumer_lag_messages{group="qiyue.intake.need"}', 'qiyue_forked', 'qiyue_quarantined{model="needs"}'].map(
        (name) => sampleOf(metrics, name),
      );
    expect(of(before)).toEqual([0, 0, 0, 0]);
    expect(of(after)).toEqual([1, 1, 1, 1]);
    expect(sampleOf(after.metrics, 'qiyue_dead_letters{reason="malformed"}')).toBe(1);
    expect(sampleOf(after.metrics, 'qiyue_incidents{kind="diverged"}')).toBe(1);
    for (const name of ['qiyue_checkpoint_age_seconds', 'qiyue_verification_age_seconds']) expect(sampleOf(after.metrics, name)).toBeGreaterThan(1e8);
    expect(sampleOf(after.metrics, 'qiyue_relay_lag_seconds')).toBeGreaterThan(25);
    expect(sampleOf(after.metrics, 'qiyue_consumer_oldest_seconds{group="qiyue.intake.need"}')).toBeGreaterThan(25);
  });

  it('is told to supervisors and operators once, however long it lasts', async () => {
    const alarms = await alarmsOf(system);
    expect(alarms.filter((text) => text.includes(TROUBLES.forked.words.en))).toHaveLength(2); // one inbox each
    expect((await system.get('/v1/inbox', OPERATOR)).body['items']).toContainEqual(expect.objectContaining({ type: 'TroubleAlarm' }));
  });

  it('is counted by each process of its own work', async () => {
    expect(sampleOf(await system.metricsOf('worker'), 'process_start_time_seconds')).toBeGreaterThan(0);
    expect(await system.metricsOf('projections')).toMatch(/qiyue_messages_total\{group="qiyue.projections.needs",outcome="handled"\} [1-9]/);
    expect(await system.metricsOf('notifications')).toMatch(/qiyue_alarms_total\{kind="forked"\} 1/);
  });

  it('is listed message by message, and what an operator does about one is recorded', async () => {
    const { messages } = JSON.parse(await qiyue(system, 'messages', 'list', '--json')) as { messages: { id: string; state: string }[] };
    expect(messages.map(({ state }) => state).sort()).toEqual(['dead', 'retrying']);
    await qiyue(system, 'messages', 'skip', `${COMMANDS}:0:0`);
    await eventually('the dead letter to be open no longer', async () => (await readyOf(system)).troubles['dead-letter'].count === 0);
    const facts = await system.store.db.collection<{ canonical: string }>('auditLedger').find({ type: 'OperatorActed' }).toArray();
    expect(facts.map(({ canonical }) => JSON.parse(canonical).data)).toEqual([{ action: 'messages-skip', on: `${COMMANDS}:0:0` }]);
  });
});
