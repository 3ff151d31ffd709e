import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkUpgrade } from '@qiyue/audit';
import { quietTemporal } from '@qiyue/platform';
import { instantMsOf, type Pace } from '@qiyue/engine';
import { anyDecider } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { APP_NAMES, eventually, startSystem, type AppName, type System } from '@qiyue/testkit';
import type { CampaignResult, Row } from '../figures';
import { earlierRelease } from './earlier-release';
import { keepRecordings } from './keep-recordings';
import { OpenNeeds, type Merge, type OpenNeed } from './open-needs';
import { scriptIn, THIS_RELEASE } from './other-release';
import { verdictOn } from './upgrade-verdict';
import { withTemporal } from './with-temporal';

/** `killed`: everything of the earlier release is killed, then this one is started; `beside`: one process after the other, old beside new. */
const WAYS = ['killed', 'beside'] as const;
export type Way = (typeof WAYS)[number];

export interface FromReleaseOptions {
  /** A commit or tag of this clone, or the folder of a built release. */
  readonly from: string;
  readonly needs?: number;
  readonly ways?: readonly Way[];
  /** Folder for recordings of needs as the earlier release left them. */
  readonly keep?: string;
  readonly onProgress?: (line: string) => void;
}

interface Upgrade {
  readonly system: System;
  readonly needs: OpenNeeds;
  readonly pace: Pace;
  readonly onProgress: (line: string) => void;
}
/** How things stood when the first process of this release was started. */
interface Before {
  readonly open: number;
  readonly continued: number;
  readonly halfMerged: readonly Merge[];
  readonly unanswered: number;
  readonly unpublished: number;
}

interface Started {
  readonly before: Before;
  /** Has no answer yet. */
  readonly underWay: Promise<unknown>[];
  readonly waiting: Waiting;
}

const MONDAY = '2026-03-02T08:00:00.000+08:00';
/** An emergency's two hours are twelve seconds, so timers of the earlier release fall due before, during and behind the upgrade. */
const FACTOR = 600;
const CONTINUE_AFTER_UPDATES = 5;
const AT_ONCE = 6;
/** What only carries on what others decided: killed first, so that much is left to be carried on. */
const FOLLOWERS: readonly AppName[] = ['relay', 'projections', 'notifications'];
const DECIDERS: readonly AppName[] = ['api', 'intake', 'worker'];
const ROLLED: readonly AppName[] = ['worker', 'relay', 'projections', 'notifications', 'reactions', 'intake', 'api'];
const BESIDE_MS = 3_000;

/**
 * Needs that were opened under an earlier release, by its own processes, come through the upgrade to this one: at every stage, with merges half done,
 * commands unanswered, timers armed, runs continued as new, records unpublished and notices untold.
 */
export const fromReleaseCampaign = async (options: FromReleaseOptions): Promise<CampaignResult> => {
  const { from, needs = 60, ways = WAYS, keep, onProgress = () => undefined } = options;
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-release-'));
  try {
    onProgress(`building ${from}`);
    const release = earlierRelease(from, join(folder, 'release'));
    await quietTemporal();
    const rows: Row[] = [];
    const troubles: string[] = [];
    for (const way of ways) {
      const { row, found } = await upgradeFrom(release.folder, way, needs, onProgress, keep);
      rows.push(row);
      troubles.push(...found.map((words) => `${way}: ${words}`));
    }
    return {
      sound: troubles.length === 0,
      conditions: { from: release.commit, needs, clockFactor: FACTOR, continueAfterUpdates: CONTINUE_AFTER_UPDATES },
      rows,
      troubles,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const upgradeFrom = async (
  release: string,
  way: Way,
  count: number,
  onProgress: Upgrade['onProgress'],
  keep?: string,
): Promise<{ row: Row; found: readonly string[] }> => {
  const pace = { realMs: Date.now(), businessMs: instantMsOf(MONDAY), factor: FACTOR };
  const system = await startSystem({ release, pace, settings: { QIYUE_CONTINUE_AFTER_UPDATES: String(CONTINUE_AFTER_UPDATES) } });
  const needs = new OpenNeeds(system);
  const upgrade = { system, needs, pace, onProgress };
  try {
    await needs.open(count);
    onProgress(`${way}: ${needs.needs.length + needs.merges.length + needs.emergencies.length} needs are open under the earlier release`);
    const started = await (way === 'killed' ? killAll(upgrade) : startBeside(upgrade));
    const { before, underWay } = started;
    const gate = await gateOf(system);
    if (keep !== undefined && way === 'killed') await keepRecordings(system, needs, before.halfMerged, keep);
    const startedMs = Date.now();
    await (way === 'killed' ? startThisRelease(system) : rollOn(upgrade, started));
    await Promise.all(underWay);
    const answeredMs = Date.now() - startedMs;
    onProgress(`${way}: all that was under way is answered`);
    await needs.finish();
    const { troubles, ...verdict } = await verdictOn(system, needs, pace);
    const { halfMerged, ...stood } = before;
    const found = [
      ...troubles,
      ...(halfMerged.length > 0 || way === 'beside' ? [] : ['no merge was half done: nothing of it was tried']),
      ...(gate.same === gate.checked
        ? []
        : [
            `the gate lets ${gate.checked - gate.same} of ${gate.checked} not through: ${JSON.stringify(gate.diverged)} ${JSON.stringify(gate.stuck)}`,
          ]),
    ];
    const row = {
      way,
      ...stood,
      merges: needs.merges.length,
      halfMerged: halfMerged.length,
      gateSame: gate.same,
      commands: needs.acceptedIds.length,
      answeredMs,
      ...verdict,
    };
    return { row, found };
  } finally {
    await system.stop();
  }
};

/** Merges and other commands go on, a few at a time, until the killing has met a merge between its two steps. */
const killAll = async (upgrade: Upgrade): Promise<Started> => {
  const { system, needs, onProgress } = upgrade;
  const waiting = allOf(needs);
  await Promise.all(begin(needs, waiting)); // whole under the earlier release
  await Promise.all(FOLLOWERS.map((name) => system.app(name).kill()));
  const underWay: Promise<unknown>[] = [];
  for (;;) {
    underWay.push(...begin(needs, waiting));
    const adopted = await adoptions(system);
    await eventually('some to be adopted', async () => (await adoptions(system)) > adopted + 1, 20_000).catch(() => undefined);
    await Promise.all(DECIDERS.map((name) => system.app(name).kill()));
    const before = await standing(upgrade);
    onProgress(
      `killed: ${before.halfMerged.length} merges half done, ${before.unanswered} commands without an answer, ${before.unpublished} records unpublished`,
    );
    if (before.halfMerged.length > 0 || waiting.merges.length === 0) {
      underWay.push(...waiting.merges.map((merge) => needs.merge(merge)));
      return { before, underWay, waiting };
    }
    await Promise.all(DECIDERS.map((name) => system.app(name).restart()));
  }
};

/** What is still to be begun, merges and steps of needs that have no part in any. */
interface Waiting {
  readonly merges: Merge[];
  readonly others: OpenNeed[];
}
const allOf = ({ needs, merges }: OpenNeeds): Waiting => {
  const targets = new Set(merges.map(({ into }) => into));
  return { merges: [...merges], others: needs.filter(({ needId }) => !targets.has(needId)) };
};

/** The next few of both. */
const begin = (needs: OpenNeeds, { merges, others }: Waiting): Promise<unknown>[] => [
  ...merges.splice(0, AT_ONCE).map((merge) => needs.merge(merge)),
  ...others.splice(0, AT_ONCE).map((need) => needs.advance(need)),
];

const startThisRelease = async (system: System): Promise<void> => {
  await Promise.all(APP_NAMES.map((name) => system.replace(name, scriptIn(THIS_RELEASE, name))));
};

/** A worker of this release is started while the earlier one is at work, with merges under way. */
const startBeside = async (upgrade: Upgrade): Promise<Started> => {
  const waiting = allOf(upgrade.needs);
  await Promise.all(begin(upgrade.needs, waiting));
  const underWay = begin(upgrade.needs, waiting);
  return { before: await standing(upgrade), underWay, waiting };
};

const rollOn = async ({ system, needs, onProgress }: Upgrade, { underWay, waiting }: Started): Promise<void> => {
  for (const name of ROLLED) {
    underWay.push(...begin(needs, waiting));
    await system.replace(name, scriptIn(THIS_RELEASE, name), BESIDE_MS);
    onProgress(`beside: ${name} is replaced`);
  }
  underWay.push(...waiting.merges.map((merge) => needs.merge(merge)));
};

const adoptions = ({ store }: System): Promise<number> => store.ledger.countDocuments({ type: 'NeedAdopted' });

const standing = async ({ system, needs }: Upgrade): Promise<Before> => {
  const { store } = system;
  const [adopted, merged] = await Promise.all(['NeedAdopted', 'NeedMerged'].map((type) => store.ledger.find({ type }).toArray()));
  const ended = new Set(merged?.map(({ entity }) => entity));
  const halfMerged = needs.merges.filter(
    ({ from, into }) => !ended.has(from) && adopted?.some(({ entity, canonical }) => entity === into && canonical.includes(from)) === true,
  );
  const relay = await store.db.collection<{ _id: string; publishedN: number }>('relay').findOne({ _id: 'relay' });
  const unpublished = (await store.ledger.countDocuments({})) - (relay?.publishedN ?? 0);
  const { open, continued } = await withTemporal(system, async (client) => {
    const query = `WorkflowType = "need" AND ExecutionStatus = `;
    const [running, carriedOn] = await Promise.all(['"Running"', '"ContinuedAsNew"'].map((status) => client.workflow.count(query + status)));
    return { open: running?.count ?? 0, continued: carriedOn?.count ?? 0 };
  });
  return { open, continued, halfMerged, unanswered: needs.unanswered, unpublished };
};

/** What `qiyue upgrade check` says, before anything of this release has run. */
const gateOf = (system: System): Promise<Awaited<ReturnType<typeof checkUpgrade>>> =>
  withTemporal(system, (client) => {
    const code = readFileSync(join(THIS_RELEASE, 'apps/worker/dist/replay-bundle.js'), 'utf8');
    return checkUpgrade({ client, store: system.store, decider: anyDecider(needDecider), bundle: { code } });
  });
