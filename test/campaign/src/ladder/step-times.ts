import type { connectTemporal } from '@qiyue/platform';
import { typeInLabel, workflowIdOf } from '@qiyue/engine';
import type { ExpectedStep } from './expected-ladder';

export type TemporalClient = ReturnType<typeof connectTemporal>['client'];
type History = Awaited<ReturnType<ReturnType<TemporalClient['workflow']['getHandle']>['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

const DEADLINE_TIMER = 'tick';

/**
 * When each step entered Temporal's history, ms: the time of the WorkflowTaskCompleted event behind the ledger's word that it agrees, which a run asks for
 * before each step; in histories of before that, behind the firing of its timer. From then on it is decided and survives everything, whatever becomes of ledger and topic.
 */
export const enteredHistory = async (client: TemporalClient, needId: string, steps: readonly ExpectedStep[]): Promise<readonly number[]> =>
  stepTimes((await client.workflow.getHandle(workflowIdOf('need', needId)).fetchHistory()).events ?? [], steps);

/**
 * A task takes the step whose timer has fired, and those behind it that are due when it starts: after an outage they share one. When the task asks the
 * ledger first, the one behind the ledger's word takes it. While the ledger is away nobody is asked, and whatever has come due with no timer to wait for
 * is taken in the task that learns so.
 */
export const stepTimes = (events: readonly HistoryEvent[], steps: readonly ExpectedStep[]): readonly number[] => {
  const asking = events.filter(asksTheLedger);
  const asked = new Set(asking.map(({ eventId }) => String(eventId)));
  const asksIn = new Set(asking.map(({ activityTaskScheduledEventAttributes: scheduled }) => String(scheduled?.workflowTaskCompletedEventId)));
  const timers = new Set<string>();
  const running = new Set<string>();
  const entered: number[] = [];
  let isDue = false;
  let isAway = false;
  let startedMs = 0;
  for (const event of events) {
    const { timerFiredEventAttributes: fired, activityTaskCompletedEventAttributes: done } = event;
    const ended = fired ?? event.timerCanceledEventAttributes;
    if (typeIn(event) === DEADLINE_TIMER) for (const set of [timers, running]) set.add(String(event.eventId));
    if (ended) running.delete(String(ended.startedEventId));
    if (fired) isDue ||= timers.has(String(fired.startedEventId));
    if (done) isDue ||= asked.has(String(done.scheduledEventId));
    if (done) isAway = saysAway(done);
    if (event.workflowTaskStartedEventAttributes) startedMs = timeMsOf(event);
    if (!event.workflowTaskCompletedEventAttributes) continue;
    const isTaken = isDue && !asksIn.has(String(event.eventId));
    const areBehind = asked.size === 0 ? isTaken : isAway && running.size === 0;
    isDue = false;
    if (isTaken) entered.push(timeMsOf(event));
    while (areBehind && (steps[entered.length]?.realMs ?? Infinity) <= startedMs) entered.push(timeMsOf(event));
  }
  return entered;
};

const asksTheLedger = ({ activityTaskScheduledEventAttributes: scheduled }: HistoryEvent): boolean =>
  (scheduled?.input?.payloads ?? []).some(({ data }) => Buffer.from(data ?? []).includes('"agreement":'));

const saysAway = ({ result }: NonNullable<HistoryEvent['activityTaskCompletedEventAttributes']>): boolean =>
  (result?.payloads ?? []).some(({ data }) => Buffer.from(data ?? []).includes('"status":"away"'));

/** The command that a timer gives, by its label. */
const typeIn = ({ timerStartedEventAttributes: timer, userMetadata }: HistoryEvent): string | null => {
  const data = userMetadata?.summary?.data;
  return timer && data ? typeInLabel(JSON.parse(Buffer.from(data).toString('utf8')) as string) : null;
};

const timeMsOf = ({ eventTime }: HistoryEvent): number => Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000;
