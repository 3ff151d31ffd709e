import type { connectTemporal } from '@qiyue/adapters';
import { workflowIdOf } from '@qiyue/engine';
import type { ExpectedStep } from './expected-ladder';

export type TemporalClient = ReturnType<typeof connectTemporal>['client'];
type History = Awaited<ReturnType<ReturnType<TemporalClient['workflow']['getHandle']>['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

const DEADLINE_TIMER = '"tick"';

/**
 * When each step entered Temporal's history, ms: the time of the WorkflowTaskCompleted event behind the firing of its
 * timer. From then on it is decided and survives everything, whatever becomes of ledger and topic.
 */
export const enteredHistory = async (client: TemporalClient, needId: string, steps: readonly ExpectedStep[]): Promise<readonly number[]> =>
  stepTimes((await client.workflow.getHandle(workflowIdOf('need', needId)).fetchHistory()).events ?? [], steps);

/** A task takes the step whose timer has fired, and those behind it that are due when it starts: after an outage they share one. */
export const stepTimes = (events: readonly HistoryEvent[], steps: readonly ExpectedStep[]): readonly number[] => {
  const timers = new Set<string>();
  const entered: number[] = [];
  let hasFired = false;
  let startedMs = 0;
  for (const event of events) {
    const { timerFiredEventAttributes: fired } = event;
    if (summaryOf(event) === DEADLINE_TIMER) timers.add(String(event.eventId));
    if (fired) hasFired ||= timers.has(String(fired.startedEventId));
    if (event.workflowTaskStartedEventAttributes) startedMs = timeMsOf(event);
    if (!event.workflowTaskCompletedEventAttributes || !hasFired) continue;
    hasFired = false;
    do entered.push(timeMsOf(event));
    while ((steps[entered.length]?.realMs ?? Infinity) <= startedMs);
  }
  return entered;
};

const summaryOf = ({ timerStartedEventAttributes, userMetadata }: HistoryEvent): string | null =>
  timerStartedEventAttributes ? Buffer.from(userMetadata?.summary?.data ?? []).toString('utf8') : null;

const timeMsOf = ({ eventTime }: HistoryEvent): number => Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000;
