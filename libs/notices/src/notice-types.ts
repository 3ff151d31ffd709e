/** Beside events of entities, notices of the system’s own; nobody can switch them off. */
export const ALARM_TYPES = ['LedgerAlarm', 'TroubleAlarm'] as const;
export type AlarmType = (typeof ALARM_TYPES)[number];
/** The type of an event that is told, or of an alarm. */
export type NoticeType = string;

const ALARMS: ReadonlySet<string> = new Set(ALARM_TYPES);
export const isAlarm = (type: NoticeType): type is AlarmType => ALARMS.has(type);
