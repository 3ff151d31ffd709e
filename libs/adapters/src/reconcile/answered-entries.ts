import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { CommandAnswer, OutboxEntry, ShellInput } from '@qiyue/engine';

/** The parts of a history that hold answers, as Temporal's client gives them. */
export interface AnsweredHistory {
  readonly events?:
    | readonly {
        readonly workflowExecutionStartedEventAttributes?: { readonly input?: { readonly payloads?: readonly Payload[] | null } | null } | null;
        readonly workflowExecutionUpdateCompletedEventAttributes?: {
          readonly outcome?: { readonly success?: { readonly payloads?: readonly Payload[] | null } | null } | null;
        } | null;
      }[]
    | null;
}

/**
 * What a run answered, with the records that it handed over: as they were, whatever code is at hand today. In order of ordinal, each once, the first that was
 * answered; what the run began with comes first. What timers gave is not among them: nobody was answered.
 */
export const answeredEntries = ({ events }: AnsweredHistory): readonly OutboxEntry[] => {
  const entries = new Map<number, OutboxEntry>();
  const take = (unconfirmed: readonly OutboxEntry[] | undefined): void => {
    for (const entry of unconfirmed ?? []) if (!entries.has(entry.ordinal)) entries.set(entry.ordinal, entry);
  };
  for (const event of events ?? []) {
    for (const payload of event.workflowExecutionStartedEventAttributes?.input?.payloads ?? [])
      take(defaultPayloadConverter.fromPayload<ShellInput<unknown>>(payload).carry?.outbox);
    for (const payload of event.workflowExecutionUpdateCompletedEventAttributes?.outcome?.success?.payloads ?? [])
      take(defaultPayloadConverter.fromPayload<Partial<CommandAnswer>>(payload).unconfirmed);
  }
  return [...entries.values()].sort((a, b) => a.ordinal - b.ordinal);
};
