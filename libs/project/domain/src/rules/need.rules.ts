import { accept, refuse, type Context } from '@qiyue/engine';
import type { Do } from '../project.commands';
import { tooMany, type ProjectDecision, type Rule } from '../project.decision';
import type { Fact, ProjectEvent } from '../project.events';
import { evolve } from '../project.evolve';
import { closesAtOf, deadlineOn, isOver } from '../project.policy';
import { isAllEvaluated, isBegun, isDone, PARTS_MAX, type Project } from '../project.state';

/** The need has been asked before: it lives, and is in no other project. */
export const addNeed: Rule<'add-need'> = ({ type, data: { needId } }, state) => {
  const known = state.needs.find((need) => need.needId === needId);
  // Whether it is back it tells itself; until then whoever adds it takes back what the need was asked.
  if (known?.stage === 'left') return refuse('wrong-stage', { command: type, stage: known.stage });
  if (known !== undefined) return accept();
  return state.needs.length >= PARTS_MAX ? tooMany() : accept({ type: 'NeedAdded', data: { needId } });
};

/** With it goes what is still reserved, as used. */
export const finished = ({ reservations }: Project, cause: 'by-hand' | 'needs', context: Context): Fact<'ProjectFinished'> => ({
  type: 'ProjectFinished',
  data: { cause, reservations, closesAt: closesAtOf(context) },
});

/**
 * What became of a need. A need that says it is in this project is, also where the command that adds it comes behind what happened to it; a project that is
 * over takes no new one.
 */
export const needMoved: Rule<'need-moved'> = ({ data: { needId, stage } }, state, context) => {
  const known = state.needs.find((need) => need.needId === needId);
  if (known?.stage === stage || state.stage === 'cancelled' || state.isClosed) return accept();
  if (known === undefined && (stage === 'left' || state.stage === 'finished' || state.needs.length >= PARTS_MAX)) return accept();
  const settling = state.stage === 'finished' ? { closesAt: closesAtOf(context) } : {};
  const moved: readonly ProjectEvent[] = [
    ...(known === undefined ? [{ type: 'NeedAdded', data: { needId } } as const] : []),
    { type: 'NeedMoved', data: { needId, stage, ...settling } },
  ];
  return following(moved, state, { needId, stage }, context);
};

/** What was not reached when it was finished is due by its day again, as far as that lies ahead. */
const plannedAgain = ({ milestones }: Project, context: Context): readonly ProjectEvent[] =>
  milestones.flatMap(({ milestoneId, title, dueOn, isReached }) =>
    isReached || dueOn === null || isOver(dueOn, context)
      ? []
      : [{ type: 'MilestonePlanned', data: { milestoneId, title, dueOn, ...deadlineOn(dueOn, context) } }],
  );

/** A project follows its needs: it is under way when works of one begin, finished when all are evaluated, and under way again when one is reopened. */
const following = (moved: readonly ProjectEvent[], state: Project, need: Do<'need-moved'>['data'], context: Context): ProjectDecision => {
  const events = [...moved];
  if (state.stage === 'planned' && isBegun(need.stage)) events.push({ type: 'ProjectStarted', data: { cause: 'need' } });
  const after = events.reduce<ReturnType<typeof evolve>>(evolve, state);
  if (after.stage === 'under-way' && isAllEvaluated(after) && after.milestones.every(({ isReached }) => isReached))
    events.push(finished(after, 'needs', context));
  if (after.stage === 'finished' && !isDone(need))
    events.push({ type: 'ProjectReopened', data: { needId: need.needId, ...deadlineOn(after.endsOn, context) } }, ...plannedAgain(after, context));
  return accept(...events);
};
