export { type Answer, type Malformed, type Uncovered } from './answer';
export type { AddedDay, CalendarDocument, CalendarOverrides, CalendarSource, NamedDay } from './calendar.document';
export { CALENDAR_MISTAKE_MESSAGES, explainMistake, type CalendarMistake, type CalendarMistakeKind, type Checked } from './calendar.mistakes';
export {
  explainedBy,
  FILE_MISTAKE_MESSAGES,
  type CheckedFile,
  type FileLanguage,
  type FileMistake,
  type FileMistakeKind,
  type MistakeMessages,
} from './file.mistakes';
export { checkDocument } from './calendar.check';
export { applyOverrides, isOverrides } from './calendar.overrides';
export { compileTable, parseTable, type CalendarTable } from './calendar.table';
export { dateOf } from './dates';
export { addWorkingDays, coverageEndsWithin, isWorkingDay, workingDaysBetween, type CoverageEnd } from './working-days';
export { DEFAULT_OFFICE_HOURS, parseOfficeHours, type OfficeHours, type OfficeSession } from './office-hours';
export { isOpen, nextOpening, workingInstantAfter, workingInstantBefore, workingMsBetween } from './working-time';
export { closingOn, deadlineAfter, openingAfter, openingBefore } from './deadlines';
export { describeDays, explain, type DayKind, type DescribedDay, type ExplainedDay, type Explanation } from './explain';
export { CHINA_2024_2026 } from './builtin';
