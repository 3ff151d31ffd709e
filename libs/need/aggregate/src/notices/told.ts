import { NEED_EVENT_TYPES } from '@qiyue/need-contracts';
import type { Fact, NeedEvent, NeedEventType } from '@qiyue/need-domain';

/** What is between two people, or seen by looking at the need: nobody is sent a word of it. */
const NOT_TOLD = [
  'NeedInspected',
  'NeedAdopted',
  'NeedUnadopted',
  'ResidentEvaluated',
  'CommunityEvaluated',
  'NeedClosed',
  'HelperJoined',
  'ContactShared',
  'VolunteerReportedIn',
  // The clock that stops and goes on is told, and the decision and the project tell theirs.
  'DecisionAwaited',
  'DecisionNoted',
  'ProjectJoined',
  'ProjectLeft',
] as const satisfies readonly NeedEventType[];

/** Events that somebody is told of. A new event is one of them until it is put on the list above. */
export type ToldType = Exclude<NeedEventType, (typeof NOT_TOLD)[number]>;
export type ToldEvent = Fact<ToldType>;

const SILENT: ReadonlySet<string> = new Set(NOT_TOLD);

export const isTold = (event: NeedEvent): event is ToldEvent => !SILENT.has(event.type);

export const TOLD_TYPES: readonly ToldType[] = NEED_EVENT_TYPES.filter((type): type is ToldType => !SILENT.has(type));
