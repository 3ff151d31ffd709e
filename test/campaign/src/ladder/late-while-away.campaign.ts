import type { System } from '@qiyue/testkit';
import type { Absent } from '../away.campaign';
import type { CampaignResult, Row } from '../figures';
import { measured } from '../percentiles';
import { submitEmergencies, type LadderNeed } from './ladder-needs';
import { BRISK } from './ladders';
import { lateSteps, latenessOf, toHistory, toTopic, verdictOn } from './ladder-verdict';
import { waitUntil, type Outage } from './outages';
import { rehearse, type Rehearsal } from './rehearsal';
import type { TakenStep } from './taken-steps';

export interface LateWhileAwayOptions {
  readonly absent?: readonly Absent[];
  /** How long each stands still. */
  readonly awayMs?: number;
  /** Needs whose ladders run in each of these times. */
  readonly needs?: number;
  readonly concurrency?: number;
  /** How late a step may come, ms, beside the time in which nobody could take it. */
  readonly lateMaxMs?: number;
  readonly onProgress?: (line: string) => void;
}

const LATE_MAX_MS = 1_000;
/** Share of the time away in which a whole ladder runs, and before it the one over which the needs are submitted. */
const LADDER_SHARE = 0.8;
const SPREAD_SHARE = 0.1;
const NONE: readonly Outage[] = [];

interface Round {
  readonly absent: Absent;
  readonly needs: readonly LadderNeed[];
  readonly away: Outage;
}

/**
 * Kafka, then MongoDB stands still (SIGSTOP) while ladders run: every step is decided at its time all the same, and is in
 * ledger and topic once, in order, when they are back.
 */
export const lateWhileAwayCampaign = (options: LateWhileAwayOptions = {}): Promise<CampaignResult> => {
  const { awayMs = 600_000 } = options;
  return rehearse(BRISK, awayMs * LADDER_SHARE, (rehearsal) => climb(rehearsal, { ...options, awayMs }));
};

const climb = async (rehearsal: Rehearsal, options: LateWhileAwayOptions): Promise<CampaignResult> => {
  const { absent = ['kafka', 'mongodb'], awayMs = 0, needs: count = 100, concurrency = 8, lateMaxMs = LATE_MAX_MS, onProgress } = options;
  const rounds: Round[] = [];
  for (const name of absent) {
    onProgress?.(`${count} emergencies, then ${name} stands still for ${awayMs} ms`);
    const needs = await submitEmergencies(rehearsal, { needs: count, concurrency, spreadMs: awayMs * SPREAD_SHARE });
    rounds.push({ absent: name, needs, away: await standStill(rehearsal.system, name, awayMs) });
  }
  const { taken, drainMs, soundness, troubles } = await verdictOn(
    rehearsal.system,
    rounds.flatMap(({ needs }) => needs),
  );
  const rows = rounds.map((round) => rowOf(round, taken));
  const late = lateSteps(taken, toHistory, NONE, lateMaxMs);
  const idle = rows.filter(({ steps }) => steps === 0).map(({ away }) => `no step fell into the time without ${away}`);
  const conditions = { awayMs, needs: count, concurrency, stopped: 'SIGSTOP', lateMaxMs, late: late.length, drainMs, soundness };
  const all = [...troubles, ...idle, ...late];
  return { sound: all.length === 0, conditions, rows, troubles: all };
};

const standStill = async (system: System, name: Absent, awayMs: number): Promise<Outage> => {
  const downMs = Date.now();
  await system.process(name).kill('SIGSTOP');
  try {
    await waitUntil(downMs + awayMs);
  } finally {
    await system.process(name).kill('SIGCONT');
  }
  return { victim: name, downMs, upMs: Date.now() };
};

/** Of the steps that fell into the time away: how late they were decided, and how long after it they were on the topic. */
const rowOf = ({ absent, needs, away }: Round, taken: readonly TakenStep[]): Row => {
  const ids = new Set(needs.map(({ needId }) => needId));
  const isWithin = (ms: number): boolean => ms >= away.downMs && ms <= away.upMs;
  const steps = taken.filter(({ needId, step }) => ids.has(needId) && isWithin(step.realMs));
  const { p50Ms, p99Ms, maxMs } = measured(steps.map((step) => latenessOf(step, toHistory, NONE)));
  const topic = measured(steps.map((step) => latenessOf(step, toTopic, [away])));
  return { away: absent, needs: needs.length, steps: steps.length, p50Ms, p99Ms, maxMs, topicAfterP50Ms: topic.p50Ms, topicAfterMaxMs: topic.maxMs };
};
