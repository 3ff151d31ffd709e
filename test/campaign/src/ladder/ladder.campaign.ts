import { startSystem, type System, type Victim } from '@qiyue/testkit';
import type { CampaignResult } from '../figures';
import { measured } from '../percentiles';
import { seeded } from '../seeded';
import { LADDER_HOURS, paceOf } from './expected-ladder';
import { submitEmergencies, type LadderNeed } from './ladder-needs';
import { latenessRows, lateSteps, toHistory, verdictOn } from './ladder-verdict';
import { carryOut, killsAround, meets, type Outage } from './outages';
import type { TakenStep } from './taken-steps';

export interface LadderOptions {
  readonly needs?: number;
  /** How long the fifty hours of a ladder take. */
  readonly ladderMs?: number;
  /** How often worker and Temporal are killed, each. The relay is killed once. */
  readonly kills?: number;
  readonly seed?: number;
  /** Submits at once. */
  readonly concurrency?: number;
  readonly onProgress?: (line: string) => void;
}

const LATE_MAX_MS = 2_000;
/** Those without which no step enters Temporal's history. */
const DECIDERS: readonly Victim[] = ['worker', 'temporal'];

/**
 * Emergencies that nobody claims climb the whole ladder on a rehearsal's clock, while the worker, Temporal and the relay
 * are killed with SIGKILL: every step once, in order, at its time, and within two seconds.
 */
export const ladderCampaign = async (options: LadderOptions = {}): Promise<CampaignResult> => {
  const { needs: count = 300, ladderMs = 300_000, kills = 4, seed = 1, concurrency = 8, onProgress } = options;
  const pace = paceOf(ladderMs / LADDER_HOURS);
  const system = await startSystem({ pace });
  try {
    const needs = await submitEmergencies(system, pace, count, concurrency);
    onProgress?.(`${needs.length} emergencies submitted`);
    const outages = await killDuring(system, needs, kills, seed, onProgress);
    const deciders = outages.filter(({ victim }) => DECIDERS.includes(victim));
    const { taken, drainMs, soundness, troubles } = await verdictOn(system, needs);
    const late = lateSteps(taken, toHistory, deciders, LATE_MAX_MS);
    const conditions = {
      ...{ needs: count, steps: taken.length, ladderMs, seed, concurrency, killed: killedIn(outages) },
      ...{ downMaxMs: measured(outages.map(({ downMs, upMs }) => upMs - downMs)).maxMs, stepsMet: metBy(taken, deciders) },
      ...{ lateMaxMs: LATE_MAX_MS, late: late.length, drainMs, soundness },
    };
    return { sound: troubles.length + late.length === 0, conditions, rows: latenessRows(taken, outages, deciders), troubles: [...troubles, ...late] };
  } finally {
    await system.stop();
  }
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

const killedIn = (outages: readonly Outage[]): string =>
  [...new Set(outages.map(({ victim }) => victim))].map((name) => `${name} ${outages.filter(({ victim }) => victim === name).length}×`).join(' ');

/** Steps that fell into an outage or were under way in it. */
const metBy = (taken: readonly TakenStep[], outages: readonly Outage[]): number =>
  taken.filter(({ step, historyMs }) => outages.some((outage) => meets(outage, step.realMs, historyMs))).length;
