import type { Fact, NeedEvent, NeedEventType } from '@qiyue/need-domain';

/** What is between two people, or seen by looking at the need: nobody is sent a word of it. */
const NOT_TOLD = [
  'NeedInspected',
  'NeedAdopted',
  'NeedUnadopted',
  'WorksStarted',
  'ProgressReported',
  'ResidentEvaluated',
  'CommunityEvaluated',
  'NeedClosed',
  'HelperJoined',
  'ContactShared',
] as const satisfies readonly NeedEventType[];

/** Events that somebody is told of. A new event is one of them until it is put on the list above. */
export type ToldType = Exclude<NeedEventType, (typeof NOT_TOLD)[number]>;
/** Beside events of needs, notices of the system’s own; nobody can switch them off. */
export const ALARM_TYPES = ['LedgerAlarm', 'TroubleAlarm'] as const;
export type AlarmType = (typeof ALARM_TYPES)[number];
export type NoticeType = ToldType | AlarmType;
export type ToldEvent = Fact<ToldType>;

const SILENT: ReadonlySet<string> = new Set(NOT_TOLD);

const ALARMS: ReadonlySet<string> = new Set(ALARM_TYPES);
export const isAlarm = (type: NoticeType): type is AlarmType => ALARMS.has(type);

export const isTold = (event: NeedEvent): event is ToldEvent => !SILENT.has(event.type);
