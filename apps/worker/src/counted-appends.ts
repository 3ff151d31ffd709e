import { processMetrics } from '@qiyue/platform';
import type { AppendActivities } from '@qiyue/engine';

/** The workflows' own road to the ledger, counted by what became of each append. */
export const countedAppends = ({ appendEntries }: AppendActivities): AppendActivities => ({
  appendEntries: async (request) => {
    const counted = (outcome: string): void => processMetrics().appended.inc({ outcome });
    try {
      const result = await appendEntries(request);
      counted(result.status);
      return result;
    } catch (error) {
      counted('failed');
      throw error;
    }
  },
});
