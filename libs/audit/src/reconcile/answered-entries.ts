import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { AppendRequest, CommandAnswer, OutboxEntry, ShellInput } from '@qiyue/engine';

type Payloads = { readonly payloads?: readonly Payload[] | null } | null;

/** The parts of a history that hold answers and what was flushed, as Temporal's client gives them. */
export interface AnsweredHistory {
  readonly events?:
    | readonly {
        readonly eventId?: { toString(): string } | null;
        readonly workflowExecutionStartedEventAttributes?: { readonly input?: Payloads } | null;
        readonly workflowExecutionUpdateCompletedEventAttributes?: { readonly outcome?: { readonly success?: Payloads } | null } | null;
        readonly activityTaskScheduledEventAttributes?: { readonly input?: Payloads } | null;
        readonly activityTaskCompletedEventAttributes?: { readonly scheduledEventId?: { toString(): string } | null } | null;
      }[]
    | null;
}

/**
 * What a run answered, with the records that it handed over: as they were, whatever code is at hand today. In order of ordinal, each once, the first that was
 * answered; what the run began with comes first. What timers gave is not among them: nobody was answered.
 */
export const answeredEntries = (history: AnsweredHistory): readonly OutboxEntry[] => {
  const entries = new Entries();
  for (const event of history.events ?? []) entries.takeAnswered(event);
  return entries.inOrder();
};

/** The same with what its flushes brought to the ledger: all that a run has handed over, timers too. */
export const handedOverEntries = (history: AnsweredHistory): readonly OutboxEntry[] => {
  const entries = new Entries();
  const asked = new Map<string, Payload | undefined>();
  for (const event of history.events ?? []) {
    entries.takeAnswered(event);
    const { activityTaskScheduledEventAttributes: scheduled, activityTaskCompletedEventAttributes: completed } = event;
    if (scheduled) asked.set(String(event.eventId), scheduled.input?.payloads?.[0]);
    const request = completed ? asked.get(String(completed.scheduledEventId)) : undefined;
    if (request !== undefined) entries.take(defaultPayloadConverter.fromPayload<Partial<AppendRequest> | null>(request)?.entries);
  }
  return entries.inOrder();
};

class Entries {
  private readonly byOrdinal = new Map<number, OutboxEntry>();

  take(unconfirmed: readonly OutboxEntry[] | undefined): void {
    for (const entry of unconfirmed ?? []) if (!this.byOrdinal.has(entry.ordinal)) this.byOrdinal.set(entry.ordinal, entry);
  }

  takeAnswered(event: NonNullable<AnsweredHistory['events']>[number]): void {
    for (const payload of event.workflowExecutionStartedEventAttributes?.input?.payloads ?? [])
      this.take(defaultPayloadConverter.fromPayload<ShellInput<unknown>>(payload).carry?.outbox);
    for (const payload of event.workflowExecutionUpdateCompletedEventAttributes?.outcome?.success?.payloads ?? [])
      this.take(defaultPayloadConverter.fromPayload<Partial<CommandAnswer>>(payload).unconfirmed);
  }

  inOrder(): readonly OutboxEntry[] {
    return [...this.byOrdinal.values()].sort((a, b) => a.ordinal - b.ordinal);
  }
}
