import { coverageEndsWithin } from '@qiyue/calendar';
import type { Current } from './table-store';

/** What new deadlines run on. A calendar that ends is a warning, not a failure. */
export interface DeadlineReadiness {
  readonly calendar: string;
  /** `YYYY-MM-DD`, the last day that the calendar covers. */
  readonly coveredTo: string;
  readonly coverage: 'good' | 'ends-within-60-days' | 'uncovered';
  readonly policy: string;
}

const WARNED_DAYS = 60;

/** `now`: ISO 8601 with +08:00. */
export const deadlineReadiness = ({ documents, tables }: Pick<Current, 'documents' | 'tables'>, now: string): DeadlineReadiness => {
  const end = coverageEndsWithin(tables.calendar, now.slice(0, 10), WARNED_DAYS);
  const [within, daysLeft] = end.ok ? [end.value.within, end.value.daysLeft] : [true, 0];
  return {
    calendar: documents.calendar.version,
    coveredTo: documents.calendar.covers.to,
    coverage: daysLeft < 0 ? 'uncovered' : within ? 'ends-within-60-days' : 'good',
    policy: documents.policy.version,
  };
};
