import type { System } from '@qiyue/testkit';
import { checkSoundness, drain, isSound, type Soundness } from '../checks';
import type { Row } from '../figures';
import { measured } from '../percentiles';
import { STEP_NAMES } from './expected-ladder';
import { wrongSteps, type LadderNeed } from './ladder-needs';
import { untoldOf } from './told-notices';
import { lateness, waitUntil, type Outage } from './outages';
import { takenSteps, type TakenStep } from './taken-steps';

export interface Verdict {
  readonly taken: readonly TakenStep[];
  /** From the last step of the last ladder until everything had drained. */
  readonly drainMs: number;
  readonly soundness: Soundness;
  /** In words; empty when every step happened once, in order and at its time. */
  readonly troubles: readonly string[];
}

/** Waits for the end of the last ladder, then looks at everything. */
export const verdictOn = async (system: System, needs: readonly LadderNeed[]): Promise<Verdict> => {
  await waitUntil(Math.max(...needs.flatMap(({ steps }) => steps.map(({ realMs }) => realMs))));
  const drainMs = Math.round(await drain(system, needs));
  const { taken, troubles } = await takenSteps(system, needs);
  const wrong: string[] = [];
  for (const need of needs) wrong.push(...(await wrongSteps(system, need)));
  const untold = await untoldOf(system, needs);
  const soundness = await checkSoundness(system, needs);
  return {
    ...{ taken, drainMs, soundness },
    troubles: [...troubles, ...wrong, ...untold, ...system.crashes, ...(isSound(soundness) ? [] : [JSON.stringify(soundness)])],
  };
};

/** Times at which a step was where it has to be: in Temporal's history, on the topic. */
type Way = (step: TakenStep) => number;
export const toHistory: Way = ({ historyMs }) => historyMs;
export const toTopic: Way = ({ topicMs }) => topicMs;

export const latenessOf = (step: TakenStep, way: Way, outages: readonly Outage[]): number => lateness(step.step.realMs, way(step), outages);

/** Steps that came later than allowed, in words. */
export const lateSteps = (taken: readonly TakenStep[], way: Way, outages: readonly Outage[], allowedMs: number): readonly string[] =>
  taken.flatMap((step) => {
    const lateMs = Math.round(latenessOf(step, way, outages));
    return lateMs > allowedMs ? [`${step.needId}: ${step.step.name} was ${lateMs} ms late`] : [];
  });

/** One row per step of the ladder and one for all. */
export const latenessRows = (taken: readonly TakenStep[], outages: readonly Outage[], deciders: readonly Outage[]): readonly Row[] =>
  ['all', ...STEP_NAMES].flatMap((name) => {
    const steps = taken.filter(({ step }) => name === 'all' || step.name === name);
    if (steps.length === 0) return [];
    const history = measured(steps.map((step) => latenessOf(step, toHistory, deciders)));
    const topic = measured(steps.map((step) => latenessOf(step, toTopic, outages)));
    return [{ step: name, ...history, topicP50Ms: topic.p50Ms, topicP99Ms: topic.p99Ms, topicMaxMs: topic.maxMs }];
  });
