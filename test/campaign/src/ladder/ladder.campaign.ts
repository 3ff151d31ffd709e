import type { System, Victim } from '@qiyue/testkit';
import type { CampaignResult } from '../figures';
import { measured } from '../percentiles';
import { seeded } from '../seeded';
import { submitEmergencies, type LadderNeed } from './ladder-needs';
import { BRISK, BUILT_IN } from './ladders';
import { latenessRows, lateSteps, toHistory, verdictOn } from './ladder-verdict';
import { carryOut, killsAround, meets, type Outage } from './outages';
import { rehearse, type Rehearsal } from './rehearsal';
import type { TakenStep } from './taken-steps';

export interface LadderOptions {
  readonly needs?: number;
  /** All at once, and as the built-in policy has it: the centre is called for all of them at one instant. Nobody is killed. */
  readonly herd?: boolean;
  /** How long a whole ladder takes. */
  readonly ladderMs?: number;
  /** How often worker and Temporal are killed, each. The relay is killed once. */
  readonly kills?: number;
  readonly seed?: number;
  /** Submits at once. */
  readonly concurrency?: number;
  /** How late a step may come, ms, beside the time in which nobody could take it. */
  readonly lateMaxMs?: number;
  readonly onProgress?: (line: string) => void;
}

const LATE_MAX_MS = 2_000;
/** Those without which no step enters Temporal's history. */
const DECIDERS: readonly Victim[] = ['worker', 'temporal'];

/** Share of a ladder's time over which the needs are submitted. */
const SPREAD_SHARE = 0.5;

/**
 * Emergencies that nobody claims climb the whole ladder on a rehearsal's clock, while the worker, Temporal and the relay
 * are killed with SIGKILL: every step once, in order, at its time, and within two seconds. `herd` says how long this machine takes for as many
 * steps at one instant.
 */
export const ladderCampaign = (options: LadderOptions = {}): Promise<CampaignResult> => {
  const { herd = false, ladderMs = 300_000 } = options;
  return rehearse(herd ? BUILT_IN : BRISK, ladderMs, (rehearsal) => climb(rehearsal, { ...options, ladderMs }));
};

const climb = async (rehearsal: Rehearsal, options: LadderOptions): Promise<CampaignResult> => {
  const { needs: count = 300, herd = false, ladderMs = 0, kills = 4, seed = 1, concurrency = 8, lateMaxMs = LATE_MAX_MS, onProgress } = options;
  const spreadMs = herd ? 0 : ladderMs * SPREAD_SHARE;
  const needs = await submitEmergencies(rehearsal, { needs: count, concurrency, spreadMs });
  onProgress?.(`${needs.length} emergencies submitted`);
  const outages = herd ? [] : await killDuring(rehearsal.system, needs, kills, seed, onProgress);
  const deciders = outages.filter(({ victim }) => DECIDERS.includes(victim));
  const { taken, drainMs, soundness, troubles } = await verdictOn(rehearsal.system, needs);
  const late = herd ? [] : lateSteps(taken, toHistory, deciders, lateMaxMs);
  const conditions = {
    ...{ needs: count, steps: taken.length, ladderMs, seed, concurrency, ...killedIn(outages) },
    ...(herd ? {} : { downMaxMs: measured(outages.map(({ downMs, upMs }) => upMs - downMs)).maxMs, stepsMet: metBy(taken, deciders) }),
    ...(herd ? { herd } : { lateMaxMs, late: late.length }),
    ...{ spreadMs, drainMs, soundness },
  };
  const all = [...troubles, ...late];
  return { sound: all.length === 0, conditions, rows: latenessRows(taken, outages, deciders), troubles: all };
};

const killDuring = (
  system: System,
  needs: readonly LadderNeed[],
  kills: number,
  seed: number,
  onProgress?: (line: string) => void,
): Promise<readonly Outage[]> => {
  const victims: readonly Victim[] = [...Array.from({ length: kills }, () => DECIDERS).flat(), 'relay'];
  const now = Date.now();
  const [first = now, ...others] = needs.flatMap(({ steps }) => steps.map(({ realMs }) => realMs)).filter((realMs) => realMs > now);
  return carryOut(system, killsAround(victims, [first, ...others], seeded(seed)), onProgress);
};

const killedIn = (outages: readonly Outage[]): Readonly<Record<string, number>> =>
  Object.fromEntries(outages.map(({ victim }) => [victim, outages.filter((other) => other.victim === victim).length]));

/** Steps that fell into an outage or were under way in it. */
const metBy = (taken: readonly TakenStep[], outages: readonly Outage[]): number =>
  taken.filter(({ step, historyMs }) => outages.some((outage) => meets(outage, step.realMs, historyMs))).length;
