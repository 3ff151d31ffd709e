import { isAmountFen, isSameUnit } from '@qiyue/civic-domain';
import { accept, refuse, type Context } from '@qiyue/engine';
import type { Do, ProjectContent } from '../project.commands';
import { invalidBody, tooMany, type Rule } from '../project.decision';
import type { ProjectEvent } from '../project.events';
import { deadlineOn, isOver } from '../project.policy';
import { isGone, openNeedsOf, PARTS_MAX, RUNNING, type Milestone, type Project, type ProjectStage, type ProjectState } from '../project.state';
import { finished } from './need.rules';

const planned = (content: ProjectContent, context: Context): ProjectEvent => ({
  type: 'ProjectPlanned',
  data: { ...content, ...deadlineOn(content.endsOn ?? null, context) },
});

/** The item of a contract that there is a project for already: planned again, it is that one. */
const isOfSameItem = (state: Project, { contractId, itemId }: ProjectContent): boolean =>
  contractId !== undefined && itemId !== undefined && state.contractId === contractId && state.itemId === itemId;

export const plan: Rule<'plan', ProjectState> = ({ type, data }, state, context) => {
  if (state.stage !== 'nonexistent') return isOfSameItem(state, data) ? accept() : refuse('wrong-stage', { command: type, stage: state.stage });
  if (data.title.trim() === '') return invalidBody('title');
  if (data.itemId !== undefined && data.contractId === undefined) return invalidBody('contractId');
  if (data.budgetFen !== undefined && !isAmountFen(data.budgetFen)) return invalidBody('budgetFen');
  if (data.endsOn !== undefined && data.startsOn !== undefined && data.endsOn < data.startsOn) return invalidBody('endsOn');
  if (data.endsOn !== undefined && isOver(data.endsOn, context)) return refuse('too-late', { until: data.endsOn });
  return accept(planned(data, context));
};

/** What the contract says was agreed on by both sides: nothing of it is refused. Once, whoever makes it. */
export const planItem: Rule<'plan-item', ProjectState> = ({ data }, state, context) =>
  state.stage === 'nonexistent' ? accept(planned(data, context)) : accept();

/** Nothing happens: somebody wants to know that it runs, and is theirs to have something done for. */
export const vouch: Rule<'vouch'> = ({ type, data: { role, unit } }, state) => {
  const isTheirs =
    role === 'department' ? isSameUnit(state.unit, unit) : role === 'centre' || (role === 'community' && isSameUnit(state.community, unit));
  return isTheirs ? accept() : refuse('not-permitted', { command: type, role });
};

/** Whoever wants to help may say so: it gives them no say in it. */
export const join: Rule<'join'> = (_, { unit: lead, helpers }, { actor: { unit } }) => {
  if (unit === null || [lead, ...helpers].some((name) => isSameUnit(name, unit))) return accept();
  return helpers.length >= PARTS_MAX ? tooMany() : accept({ type: 'HelperJoined', data: { unit } });
};

export const start: Rule<'start'> = (_, { stage }) =>
  stage === 'planned' ? accept({ type: 'ProjectStarted', data: { cause: 'by-hand' } }) : accept();

const titled = ({ milestones }: Project, title: string, isReached: boolean): Milestone | undefined =>
  milestones.find((one) => one.title === title && one.isReached === isReached);

export const milestone: Rule<'milestone'> = ({ data }, state, context) => {
  const { title, dueOn, ...rest } = data;
  if (title.trim() === '') return invalidBody('title');
  if (dueOn !== undefined && isOver(dueOn, context)) return refuse('too-late', { until: dueOn });
  const open = titled(state, title, false);
  if (open === undefined && dueOn === undefined && titled(state, title, true) !== undefined) return accept();
  if (open === undefined && state.milestones.length >= PARTS_MAX) return tooMany();
  const { milestoneId = `m${state.milestones.length + 1}` } = open ?? {};
  if (dueOn === undefined) return accept({ type: 'MilestoneReached', data: { milestoneId, title, ...rest } });
  if (open?.dueOn === dueOn) return accept();
  return accept({ type: 'MilestonePlanned', data: { milestoneId, title, ...rest, dueOn, ...deadlineOn(dueOn, context) } });
};

/** By hand as soon as the works of all its needs are done: their evaluation need not be waited for. */
export const finish: Rule<'finish'> = (_, state, context) => {
  const open = openNeedsOf(state);
  return open > 0 ? refuse('needs-open', { open }) : accept(finished(state, 'by-hand', context));
};

/** Its needs are let go, and what is reserved for it is freed, by what follows from the event. */
export const cancel: Rule<'cancel'> = ({ data: { reason } }, { needs, reservations }) =>
  accept({ type: 'ProjectCancelled', data: { reason, needs: needs.filter((need) => !isGone(need)).map(({ needId }) => needId), reservations } });

/** The resource has been asked before; which reservation it made comes with the command. */
export const addResource: Rule<'add-resource'> = ({ data }, state, { commandId }) => {
  const { resourceId, quantity = 1, from, to } = data;
  const reservationId = reservationIn(data) ?? commandId;
  if (state.reservations.some((one) => one.reservationId === reservationId)) return accept();
  if (state.lost.includes(reservationId)) return refuse('resource-unavailable', { why: 'reservation-ended' });
  if (state.reservations.length >= PARTS_MAX) return tooMany();
  return accept({ type: 'ResourceAdded', data: { resourceId, reservationId, quantity, from, to } });
};

const reservationIn = (data: Do<'add-resource'>['data']): string | undefined => ('reservationId' in data ? data.reservationId : undefined);

const isRunning = (stage: ProjectStage): boolean => RUNNING.some((one) => one === stage);

/** One that the project does not count on yet is remembered: the command that adds it may be on its way. */
export const resourceMoved: Rule<'resource-moved'> = ({ data: { resourceId, reservationId, end } }, { stage, reservations, lost }) =>
  reservations.some((one) => one.reservationId === reservationId) || (isRunning(stage) && !lost.includes(reservationId))
    ? accept({ type: 'ResourceLeft', data: { resourceId, reservationId, end } })
    : accept();
