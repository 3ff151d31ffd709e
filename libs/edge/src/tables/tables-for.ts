import { compileTable } from '@qiyue/calendar';
import { compilePolicy } from '@qiyue/civic-domain';
import type { TableStore } from './table-store';
import type { TablesOf } from '@qiyue/audit';

/** Calendar and policy by the versions that a need's last deadline names; the current ones for a need that has none. */
export const tablesFor =
  (tables: Pick<TableStore, 'current' | 'find'>): TablesOf =>
  async (records) => {
    const { calendar, policy } = (await tables.current()).tables;
    const named = records.map(({ data }) => versionsIn(data)).findLast((versions) => versions !== null);
    const [ownCalendar, ownPolicy] = [
      named === undefined || named === null ? null : await tables.find('calendar', named.calendar),
      named === undefined || named === null ? null : await tables.find('policy', named.policy),
    ];
    return {
      calendar: ownCalendar === null ? calendar : compileTable(ownCalendar),
      policy: ownPolicy === null ? policy : compilePolicy(ownPolicy),
    };
  };

const versionsIn = (data: object): { readonly calendar: string; readonly policy: string } | null => {
  const { deadline } = data as { readonly deadline?: { readonly calendar?: unknown; readonly policy?: unknown } };
  if (typeof deadline?.calendar !== 'string' || typeof deadline.policy !== 'string') return null;
  return { calendar: deadline.calendar, policy: deadline.policy };
};
