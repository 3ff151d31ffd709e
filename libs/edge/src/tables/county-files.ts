import { explainMistake, type CalendarDocument } from '@qiyue/calendar';
import { explainPolicyMistake, type PolicyDocument } from '@qiyue/civic-domain';
import type { Settings } from '@qiyue/platform';
import { loadCalendarFile } from './load-calendar';
import { loadPolicyFile } from './load-policy';

/** A county's own calendar and policy, as files that a process is started with. */
export interface CountyFiles {
  readonly calendar: CalendarDocument | null;
  readonly policy: PolicyDocument | null;
}

type Paths = Pick<Settings, 'QIYUE_CALENDAR_FILE' | 'QIYUE_POLICY_FILE'>;

/** Throws one error that lists every mistake in both files: a process does not start on half a policy. */
export const readCountyFiles = async ({ QIYUE_CALENDAR_FILE, QIYUE_POLICY_FILE }: Paths): Promise<CountyFiles> => {
  const calendar = QIYUE_CALENDAR_FILE === undefined ? null : await loadCalendarFile(QIYUE_CALENDAR_FILE);
  const policy = QIYUE_POLICY_FILE === undefined ? null : await loadPolicyFile(QIYUE_POLICY_FILE);
  const lines = [
    ...(calendar === null || calendar.ok ? [] : calendar.mistakes.map((mistake) => `  QIYUE_CALENDAR_FILE: ${explainMistake(mistake, 'en')}`)),
    ...(policy === null || policy.ok ? [] : policy.mistakes.map((mistake) => `  QIYUE_POLICY_FILE: ${explainPolicyMistake(mistake, 'en')}`)),
  ];
  if (lines.length > 0) throw new Error(`settings refused:\n${lines.join('\n')}`);
  return { calendar: calendar?.ok === true ? calendar.value : null, policy: policy?.ok === true ? policy.value : null };
};
