import type { Outcome } from './command';
import type { Refusal, Summary } from './decider';
import { stepCommandOf, type SagaCommand, type SagaPlan, type SagaStep, type StoppedBy } from './saga';

/** Argument of a saga's workflow: all that it will ever know, so that it can be started again with the same. */
export interface SagaInput {
  readonly command: SagaCommand;
  readonly plan: SagaPlan;
  /** By which whoever planned it knows it again where others may write. */
  readonly mac?: string;
  /** Set after continue-as-new. */
  readonly progress?: SagaProgress;
}

/** The answer that the command has for ever. `hash`: of the record that the outcome names, when it was handed over with it. */
export type SagaAnswer = { readonly kind: 'outcome'; readonly outcome: Outcome; readonly hash: string | null } | { readonly kind: 'key-reused' };

/** What the saga's workflow ends with. `fingerprint`: of the command that it answers, which may not be the asker's. */
export interface SagaEnd {
  readonly fingerprint: string;
  readonly answer: SagaAnswer;
}

/** How far a saga has come. */
export interface SagaProgress {
  /** So many steps were accepted. */
  readonly taken: number;
  /** Of those so many were taken back, from the last one on. */
  readonly undone: number;
  /** What stands against the command or speaks for it; null: nobody has decided yet. */
  readonly decided:
    { readonly by: 'entity'; readonly answer: SagaAnswer } | ({ readonly by: 'step'; readonly isUnrecorded?: true } & StoppedBy) | null;
}

/** Nothing has happened yet. */
export const SAGA_BEGINNING: SagaProgress = { taken: 0, undone: 0, decided: null };

/** What comes next. `note`: the own entity records that the command is refused, for what another one said. */
export type SagaEffect =
  | { readonly kind: 'step'; readonly index: number; readonly step: SagaStep }
  | { readonly kind: 'command' }
  | { readonly kind: 'undo'; readonly index: number; readonly step: SagaStep | null }
  | { readonly kind: 'note'; readonly stopped: StoppedBy }
  | { readonly kind: 'answer'; readonly answer: SagaAnswer };

/** Whom a saga waits for, and why: a code, no words of anybody. */
export interface SagaWait {
  readonly aggregate: string;
  readonly entity: string;
  readonly why: string;
}

/** What came of an effect. `waits`: it is not known, or nothing was recorded; the same effect comes again. */
export type SagaResult =
  | { readonly kind: 'accepted' }
  /** `isUnrecorded`: nobody has it on record, so that whoever does the same again may meet another answer. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly summary: Summary; readonly isUnrecorded?: true }
  | { readonly kind: 'answer'; readonly answer: SagaAnswer }
  | ({ readonly kind: 'waits' } & SagaWait);

/** Pure: every step of a saga follows from its plan and what came of the steps before. */
export const nextEffect = (plan: SagaPlan, { taken, undone, decided }: SagaProgress): SagaEffect => {
  if (decided === null) {
    const step = plan.before[taken];
    return step === undefined ? { kind: 'command' } : { kind: 'step', index: taken, step };
  }
  if (decided.by === 'step' && decided.isUnrecorded === true) return { kind: 'note', stopped: decided };
  const index = taken - 1 - undone;
  if (!isAccepted(decided) && index >= 0) return { kind: 'undo', index, step: plan.undo[index] ?? null };
  return decided.by === 'step' ? { kind: 'note', stopped: decided } : { kind: 'answer', answer: decided.answer };
};

const isAccepted = (decided: NonNullable<SagaProgress['decided']>): boolean =>
  decided.by === 'entity' && decided.answer.kind === 'outcome' && decided.answer.outcome.status === 'accepted';

/** Progress behind an effect, whatever came of it. A step that is taken back counts as taken back also when its entity refuses: it has nothing to take back. */
export const progressBehind = (before: SagaProgress, effect: SagaEffect, result: SagaResult): SagaProgress => {
  if (result.kind === 'waits') return before;
  switch (effect.kind) {
    case 'step':
      if (result.kind === 'refused') return { ...before, decided: stoppedBy(effect.index, result) };
      return { ...before, taken: before.taken + 1 };
    case 'undo':
      return { ...before, undone: before.undone + 1 };
    case 'command':
    case 'note':
      return result.kind === 'answer' ? { ...before, decided: { by: 'entity', answer: result.answer } } : before;
    case 'answer':
      return before;
  }
};

const stoppedBy = (
  index: number,
  { refusal, summary, isUnrecorded }: Extract<SagaResult, { readonly kind: 'refused' }>,
): NonNullable<SagaProgress['decided']> => ({ by: 'step', index, refusal, summary, ...(isUnrecorded === true ? { isUnrecorded } : {}) });

/** The command of an effect to another entity; null where there is none. */
export const stepOf = (command: SagaCommand, effect: SagaEffect): ReturnType<typeof stepCommandOf> | null => {
  if ((effect.kind !== 'step' && effect.kind !== 'undo') || effect.step === null) return null;
  return stepCommandOf(command, effect.step, { index: effect.index, isUndo: effect.kind === 'undo' });
};

/** One for each kind of effect, so that a history says which was done: each does the next effect behind this progress. */
export type SagaActivities = Readonly<
  Record<'sagaStep' | 'sagaCommand' | 'sagaUndo' | 'sagaNote', (input: SagaInput, progress: SagaProgress) => Promise<SagaResult>>
>;

/** What a saga is carried through by. */
export interface SagaPorts {
  /** Does the next effect. Doing it twice does nothing twice. */
  perform(effect: Exclude<SagaEffect, { readonly kind: 'answer' }>, progress: SagaProgress): Promise<SagaResult>;
  /** Before the same effect comes again; `times` counts from 0. */
  pause(wait: SagaWait, times: number, progress: SagaProgress): Promise<void>;
}

/**
 * Carries a saga through, from wherever it is.
 *
 * Contract:
 * 1. Steps, command and what takes steps back have ids that follow from the command's: done again after a crash they meet the answer that they had.
 * 2. A step is taken back once the command's refusal is on record: at its own entity, or at the one that refused a step. What nobody has recorded, that there is
 *    no such entity, the own entity records first: it may be there when the same is done again. Whoever does not answer, or turns away and records nothing, is
 *    asked again, for ever: nobody knows yet.
 * 3. The command is answered behind the last step that had to be taken back.
 */
export const driveSaga = async ({ plan, progress: begun = SAGA_BEGINNING }: SagaInput, ports: SagaPorts): Promise<SagaAnswer> => {
  let progress = begun;
  for (let times = 0; ;) {
    const effect = nextEffect(plan, progress);
    if (effect.kind === 'answer') return effect.answer;
    const result = await ports.perform(effect, progress);
    if (result.kind === 'waits') await ports.pause(result, times++, progress);
    else times = 0;
    progress = progressBehind(progress, effect, result);
  }
};
