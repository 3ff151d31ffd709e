import { refuse, type Context, type Decision } from '@qiyue/engine';
import type { Do, ProjectCommandType } from './project.commands';
import type { ProjectEvent } from './project.events';
import type { ProjectRefusal } from './project.refusals';
import { PARTS_MAX, type Project } from './project.state';

export type ProjectDecision = Decision<ProjectEvent, ProjectRefusal>;

/** One rule: a command that its actor may give, met in a stage that it belongs to. */
export type Rule<T extends ProjectCommandType, S = Project> = (command: Do<T>, state: S, context: Context) => ProjectDecision;

/** The schemas at the edge refuse such a body first; `field` names what does not fit. */
export const invalidBody = (field: string): ProjectDecision => refuse('invalid-body', { field });
export const tooMany = (): ProjectDecision => refuse('too-many', { max: PARTS_MAX });
