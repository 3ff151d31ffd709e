import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TROUBLE_KINDS, TROUBLES, type TroubleKind } from '@qiyue/notices';
import { needsModel } from '@qiyue/need';
import { makeRelease, UNDECLARED } from '@qiyue/campaign';
import { ActiveModel, newSigningKey, writeSigningKey } from '@qiyue/engine-runtime';
import { eventually, startSystem, type System } from '@qiyue/testkit';
import { Steps } from '../e2e/steps';
import { alarmsOf, isTold, readyOf, sampleOf, shownOf, surfacesOf, type Surfaces } from './operator-surfaces';
import { COMMANDS, EVENTS, FAULTS, type World } from './real-faults';

const OPERATOR = { actor: 'operator-1', role: 'operator' };
const NOTHING = { ready: { count: 0, help: null }, status: { count: 0, help: null }, metric: 0 };
const LAGS_BOUND_MS = 60_000;
const CLEAR_BOUND_MS = 60_000;

/**
 * A system in which everything is well, then every fault at once, then what the help of each kind says. Every place where an operator looks has to
 * change, and to change back.
 */
describe('what is broken', () => {
  let system: System;
  let folder: string;
  let before: Surfaces;
  let after: Surfaces;
  let mended: Surfaces;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-operator-'));
    const undeclared = makeRelease(join(folder, 'undeclared'), UNDECLARED);
    const evidence = { QIYUE_CHECKPOINTS: join(folder, 'checkpoints'), QIYUE_CHECKPOINT_KEY: join(folder, 'key.pem') };
    writeFileSync(evidence.QIYUE_CHECKPOINT_KEY, writeSigningKey(newSigningKey()), { mode: 0o600 });
    mkdirSync(evidence.QIYUE_CHECKPOINTS);
    system = await startSystem({ settings: { ...evidence, QIYUE_INTAKE_PARK_AFTER_MS: '1000' } });
    const world = { system, undeclared, evidence, needs: await needsOf(system) };
    before = await surfacesOf(system);
    for (const { inject } of Object.values(FAULTS)) await inject(world);
    await eventually('all to be seen and told', () => isAllTold(system), LAGS_BOUND_MS).catch(() => undefined); // which one is not is said below
    after = await surfacesOf(system);
    for (const { mend } of Object.values(FAULTS).reverse()) await mend(world);
    await eventually('all to be clear', async () => !(await readyOf(system)).degraded, CLEAR_BOUND_MS).catch(() => undefined);
    mended = await surfacesOf(system);
  }, 600_000);
  afterAll(async () => {
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('is every kind of trouble that there is', () => {
    expect(
      Object.values(FAULTS)
        .flatMap(({ kinds }) => kinds)
        .sort(),
    ).toEqual([...TROUBLE_KINDS].sort());
  });

  it.each(TROUBLE_KINDS)('shows in ready, metrics, status and an alarm, and no longer once it is mended as its help says: %s', (kind) => {
    expect(shownOf(before, kind)).toEqual({ ...NOTHING, isTold: false });
    const shown = shownOf(after, kind);
    const { help } = TROUBLES[kind];
    expect(shown).toMatchObject({ ready: { help }, status: { help }, isTold: true });
    for (const count of [shown.ready.count, shown.status.count, shown.metric]) expect(count).toBeGreaterThan(0);
    expect(shownOf(mended, kind)).toMatchObject(NOTHING);
  });

  it('leaves the API ready, and says that it is degraded', () => {
    expect([before, after, mended].map(({ ready: { status, degraded } }) => [status, degraded])).toEqual([
      [200, false],
      [200, true],
      [200, false],
    ]);
  });

  it('is listed message by message', () => {
    expect([before.messages, mended.messages]).toEqual([[], []]);
    const listed = after.messages.map(({ state, topic, reader }) => [state, topic, reader]);
    expect(listed.sort()).toEqual([
      ['dead', COMMANDS, 'intake'],
      ['parked', COMMANDS, 'qiyue.intake.need'],
      ['reaction-parked', EVENTS, 'qiyue.reactions'],
      ['reaction-refused', EVENTS, 'qiyue.reactions'],
      // all models that are made of the same events
      ...['communityScoreboard', 'needFigures', 'needs', 'scoreboard', 'unitRecords'].map((model) => [
        'retrying',
        EVENTS,
        `qiyue.projections.${model}`,
      ]),
      ['saga-waiting', '', null], // the merge that was made to wait
      ['saga-waiting', '', null], // and a funding, which needs its lead's year
      ['set-aside', EVENTS, null],
    ]);
  });

  it('has exact figures in the metrics', () => {
    const of = ({ metrics }: Surfaces) =>
      ['qiyue_forked', 'qiyue_quarantined{model="needs"}', 'qiyue_incidents{kind="command-parked"}', 'qiyue_overdue_timers'].map((name) =>
        sampleOf(metrics, name),
      );
    expect([of(before), of(after), of(mended)]).toEqual([
      [0, 0, 0, 0],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]);
    for (const name of ['qiyue_checkpoint_age_seconds', 'qiyue_verification_age_seconds']) {
      expect(sampleOf(after.metrics, name)).toBeGreaterThan(1e8);
      expect(sampleOf(mended.metrics, name)).toBeLessThan(100);
    }
    for (const name of ['qiyue_relay_lag_seconds', 'qiyue_consumer_oldest_seconds{group="qiyue.intake.need"}'])
      expect(sampleOf(after.metrics, name)).toBeGreaterThan(25);
  });

  it('is told to supervisors and operators once, however long it lasts', async () => {
    const told = (await alarmsOf(system)).filter((text) => text.includes(TROUBLES.forked.words.en));
    expect(told).toHaveLength(2); // one inbox each
    expect((await system.get('/v1/inbox', OPERATOR)).body['items']).toContainEqual(expect.objectContaining({ type: 'TroubleAlarm' }));
  });

  it('is counted by each process of its own work', async () => {
    expect(sampleOf(await system.metricsOf('relay'), 'process_start_time_seconds')).toBeGreaterThan(0);
    expect(await system.metricsOf('projections')).toMatch(/qiyue_messages_total\{group="qiyue.projections.needs",outcome="handled"\} [1-9]/);
    expect(await system.metricsOf('notifications')).toMatch(/qiyue_alarms_total\{kind="forked"\} 1/);
  });

  it('leaves a record of all that the operator did about it', async () => {
    const facts = await system.store.db.collection<{ canonical: string }>('auditLedger').find({ type: 'OperatorActed' }).toArray();
    const actions = facts.map(({ canonical }) => (JSON.parse(canonical) as { data: { action: string } }).data.action);
    expect(new Set(actions)).toEqual(
      new Set([
        ...[
          'messages-retry',
          'retry-notice',
          'messages-skip',
          'release-from-ledger',
          'release-projection',
          'rebuild-projections',
          'checkpoint',
          'reconcile',
          'remove-forged-right',
        ],
      ]),
    );
  });

  it('has cost nobody anything: what was answered is in the ledger, and what waited has its outcome', async () => {
    const { store } = system;
    expect((await store.commands.find({ state: 'pending' }).toArray()).map(({ _id }) => _id)).toEqual([]);
    const accepted = (await store.commands.find({ state: 'accepted' }).toArray()).map(({ _id, recordedAs = _id }) => recordedAs);
    const held = new Set(await store.ledger.distinct('commandId'));
    expect(accepted.filter((id) => !held.has(id))).toEqual([]);
    expect(system.crashes).toEqual([]);
  });
});

const needsOf = async (system: System): Promise<World['needs']> => {
  const steps = new Steps(system);
  const names = ['late', 'tampered', 'aside', 'terminated', 'merged', 'forked', 'unappended', 'claimed'] as const;
  const ids = await Promise.all(names.map(() => steps.submit()));
  const needs = Object.fromEntries(names.map((name, i) => [name, ids[i] ?? ''])) as World['needs'];
  await steps.claim(needs.claimed);
  const model = await new ActiveModel(system.store.db, needsModel).collection();
  await eventually('the read model to have them', async () => (await model.countDocuments()) === names.length);
  return needs;
};

const isAllTold = async (system: System): Promise<boolean> => {
  const [{ troubles }, alarms] = await Promise.all([readyOf(system), alarmsOf(system)]);
  return TROUBLE_KINDS.every((kind: TroubleKind) => (troubles[kind].count ?? 0) > 0 && isTold(alarms, kind));
};
