import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needsModel } from '@qiyue/need';
import { activateRules, rulesState, type TroubleNumbers } from '@qiyue/edge';
import type { TroubleKind } from '@qiyue/notices';
import { openRecord, rulesOf } from '@qiyue/engine';
import { Incidents, Quarantine, verifyLedger } from '@qiyue/engine-runtime';
import { eventually, NEED_BODY, PEOPLE, startSystem, type AppName, type System } from '@qiyue/testkit';
import { drain } from '../checks';
import type { CampaignResult } from '../figures';
import { DECLARED, makeRelease, scriptIn, THIS_RELEASE, UNDECLARED, NEXT_RULES } from './other-release';
import { UpgradeLoad } from './upgrade-load';
import { withTemporal } from './with-temporal';

export interface RollingUpgradeOptions {
  readonly needs?: number;
  readonly onProgress?: (line: string) => void;
}

const ROLLED: readonly AppName[] = ['worker', 'relay', 'projections', 'notifications', 'reactions', 'intake', 'api'];
const BESIDE_MS = 1_500;
const OUTCOME_BOUND_MS = 120_000;

/**
 * Open needs under load while every process is replaced by another release, one after the other, old and new side by side, with a changed rule,
 * rolled back once before it is activated; then a change that nobody declared, and the right release again.
 */
export const rollingUpgradeCampaign = async ({ needs = 500, onProgress = () => undefined }: RollingUpgradeOptions = {}): Promise<CampaignResult> => {
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-release-'));
  const [declared, undeclared] = [makeRelease(join(folder, 'declared'), DECLARED), makeRelease(join(folder, 'undeclared'), UNDECLARED)];
  const system = await startSystem();
  const load = new UpgradeLoad(system, needs);
  const troubles: string[] = [];
  const expect = (what: string, isSo: boolean): void => void (isSo || troubles.push(what));
  try {
    await load.submitAll();
    onProgress(`${needs} needs are open`);
    load.start();
    await roll(system, declared, onProgress);
    await roll(system, THIS_RELEASE, onProgress);
    await roll(system, declared, onProgress);
    await activate(system);
    onProgress(`rules ${NEXT_RULES} are active`);
    await load.untilMoved(1);
    await load.stop();
    const refusedBefore = load.turnedAway;
    expect(`turned away while everything was declared: ${JSON.stringify(refusedBefore)}`, Object.keys(refusedBefore).length === 0);
    expect('an entity stands aside', (await new Incidents(system.store.db).counts()).diverged === 0);

    await system.replace('worker', scriptIn(undeclared, 'worker'));
    const ofRulesOne = await claimedUnderOne(system);
    const diverged = await load.askAll();
    const differing = diverged.askedIds.filter((id) => ofRulesOne.has(id)).length;
    expect(
      `of ${differing} needs that the undeclared change contradicts ${diverged.diverged} answered diverged, ${diverged.accepted} of ${diverged.asked} accepted`,
      diverged.diverged === differing && diverged.accepted === diverged.asked - differing,
    );
    expect(`the operator sees ${await shown(system, 'diverged')} that diverged`, (await shown(system, 'diverged')) === diverged.diverged);
    onProgress(`${diverged.diverged} of ${diverged.asked} claimed needs answer diverged`);
    await system.replace('worker', scriptIn(declared, 'worker'));
    const back = await eventually(
      'all of them to answer again',
      async () => ((last) => (last.accepted === last.asked ? last : null))(await load.askAll()),
      OUTCOME_BOUND_MS,
    );
    await eventually('no need to be shown as diverged', async () => (await shown(system, 'diverged')) === 0, OUTCOME_BOUND_MS);

    await system.replace('worker', scriptIn(THIS_RELEASE, 'worker'));
    const behind = await system.post('/v1/needs', PEOPLE.resident, NEED_BODY, 'behind-the-activation');
    expect(`rolled back behind the activation: ${behind.status} ${String(behind.body['code'])}`, behind.body['code'] === 'rules-unknown');
    expect('nobody sees that rules are not known', (await shown(system, 'rules-unknown')) > 0);
    await system.replace('worker', scriptIn(declared, 'worker'));
    await eventually('all rules to be known again', async () => (await shown(system, 'rules-unknown')) === 0, OUTCOME_BOUND_MS);
    onProgress('a worker of before was seen, and is gone');

    const lost = await eventually(
      'every accepted command in the ledger',
      async () => ((ids) => (ids.length === 0 ? ids : null))(await load.lost()),
      OUTCOME_BOUND_MS,
    );
    const verification = await verifyLedger(system.store);
    const underTwo = await countUnder(system, NEXT_RULES);
    expect('audit findings', verification.ok);
    expect('forks', (await system.store.forks.countDocuments({})) === 0);
    expect('no record was made under the next rules', underTwo > 0);
    await drain(system, []);
    const aside = await new Quarantine(system.store.db, needsModel.name).list();
    expect(`the read model has set aside ${aside.length}: ${aside[0]?.why ?? ''}`, aside.length === 0);
    const row = {
      needs,
      commands: load.accepted,
      lost: lost.length,
      divergedWhenUndeclared: diverged.diverged,
      unknownBefore: diverged.unknown,
      cameBack: back.accepted,
      recordsUnderRules2: underTwo,
    };
    return {
      sound: troubles.length === 0,
      conditions: { processesReplaced: ROLLED.length * 3 },
      rows: [row],
      troubles: [...troubles, ...system.crashes],
    };
  } finally {
    await load.stop();
    await system.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** So many of a kind are shown to the operator, once the look is a new one. */
const shown = async (system: System, kind: TroubleKind): Promise<number> => {
  await new Promise((resolve) => setTimeout(resolve, LOOK_FRESH_MS));
  const { troubles } = (await system.request('GET', '/health/ready')).body as { readonly troubles?: TroubleNumbers };
  return troubles?.[kind].count ?? 0;
};
const LOOK_FRESH_MS = 2_100;

/** One process after the other; each runs beside its successor for a while. */
const roll = async (system: System, release: string, onProgress: (line: string) => void): Promise<void> => {
  for (const name of ROLLED) await system.replace(name, scriptIn(release, name), BESIDE_MS);
  onProgress(`every process is replaced: ${release === THIS_RELEASE ? 'this release again' : 'the other release'}`);
};

const activate = (system: System): Promise<void> =>
  withTemporal(system, async (client) => {
    await eventually(
      'every live process to know the next rules',
      async () => ((await rulesState(system.store.db, 'need')).known ?? 0) >= NEXT_RULES,
      60_000,
    );
    const activation = await activateRules(system.store.db, client, 'need', NEXT_RULES);
    if (!activation.ok) throw new Error(`rules ${NEXT_RULES} were not activated: ${activation.why}`);
  });

/** Needs whose claim was recorded without the field that the undeclared change gives to it. */
const claimedUnderOne = async (system: System): Promise<ReadonlySet<string>> => {
  const needs = new Set<string>();
  for await (const record of system.store.ledger.find({ type: 'NeedClaimed' }))
    if (rulesOf(openRecord(record)) < NEXT_RULES) needs.add(record.entity);
  return needs;
};

const countUnder = async (system: System, rules: number): Promise<number> => {
  let count = 0;
  for await (const record of system.store.ledger.find({})) if (openRecord(record).rules === rules) count += 1;
  return count;
};
