import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { z } from 'zod';
import { openRecord, type EventRecord, type Outcome } from '@qiyue/engine';
import type { History } from '../reconcile/history-replay';

/** What the ledger holds of an entity: its records from the first on, and what became of its commands, by their ids. */
export interface LedgerSide {
  readonly records: readonly Pick<EventRecord, 'seq' | 'hash' | 'canonical'>[];
  readonly outcomes: ReadonlyMap<string, KnownOutcome>;
}

/** What a command was answered, or what came of a timer. */
export interface KnownOutcome {
  readonly fingerprint: string;
  readonly status: Outcome['status'];
  readonly seq: number;
  /** Of the refusal. */
  readonly code: string | null;
}

export interface KnownTimer {
  readonly ms: number;
  /** What it was set for; null when the history does not say. */
  readonly type: string | null;
}

/** What came of a run with the code that ran it, by the ledger and by its own history: hashes by seq, outcomes by command, timers by name. */
export interface KnownRun {
  readonly hashes: ReadonlyMap<number, string>;
  readonly outcomes: ReadonlyMap<string, KnownOutcome>;
  readonly timers: ReadonlyMap<string, KnownTimer>;
}

const entrySchema = z.object({
  commandId: z.string(),
  fingerprint: z.string(),
  outcome: z.object({ status: z.enum(['accepted', 'refused']), seq: z.number(), refusal: z.object({ code: z.string() }).optional() }),
  records: z.array(z.object({ seq: z.number(), hash: z.string() })),
});
const answerSchema = entrySchema.pick({ fingerprint: true, outcome: true }).extend({ unconfirmed: z.array(entrySchema) });
const requestSchema = z.object({ entries: z.array(entrySchema) });
type Entry = z.infer<typeof entrySchema>;

/**
 * The ledger first; where it lags, the history knows what was made: in the answers to the commands and in what the run gave to its flushes.
 * Where they contradict each other, the ledger counts.
 */
export const knownRunOf = (ledger: LedgerSide, { events }: History): KnownRun => {
  const hashes = new Map<number, string>();
  const outcomes = new Map<string, KnownOutcome>();
  const timers = new Map<string, KnownTimer>();
  const take = ({ commandId, fingerprint, outcome, records }: Entry): void => {
    outcomes.set(commandId, knownOutcomeOf(fingerprint, outcome));
    for (const { seq, hash } of records) hashes.set(seq, hash);
  };
  for (const event of events ?? []) {
    const {
      workflowExecutionUpdateCompletedEventAttributes: answered,
      activityTaskScheduledEventAttributes: flushed,
      timerStartedEventAttributes,
    } = event;
    if (answered) {
      const answer = answerSchema.safeParse(valueIn(answered.outcome?.success?.payloads?.[0]));
      const id = answered.meta?.updateId;
      if (answer.success && typeof id === 'string') outcomes.set(id, knownOutcomeOf(answer.data.fingerprint, answer.data.outcome));
      if (answer.success) answer.data.unconfirmed.forEach(take);
    }
    if (flushed) requestSchema.safeParse(valueIn(flushed.input?.payloads?.[0])).data?.entries.forEach(take);
    if (timerStartedEventAttributes?.timerId) {
      const type = valueIn(event.userMetadata?.summary);
      const ms = msOf(timerStartedEventAttributes.startToFireTimeout);
      timers.set(timerStartedEventAttributes.timerId, { ms, type: typeof type === 'string' ? type : null });
    }
  }
  for (const { seq, hash } of ledger.records) hashes.set(seq, hash);
  for (const [commandId, outcome] of ledger.outcomes) outcomes.set(commandId, outcome);
  return { hashes, outcomes, timers };
};

export const knownOutcomeOf = (
  fingerprint: string,
  { status, seq, refusal }: { readonly status: Outcome['status']; readonly seq: number; readonly refusal?: { readonly code: string } | undefined },
): KnownOutcome => ({ fingerprint, status, seq, code: refusal?.code ?? null });

export const bodiesOf = ({ records }: LedgerSide, upTo: number) => records.filter(({ seq }) => seq <= upTo).map((record) => openRecord(record));

/** Of a history from the server, or of one that was kept as JSON: seconds are a Long, a number or a text. */
const msOf = (duration: { readonly seconds?: { toString(): string } | null; readonly nanos?: number | null } | null | undefined): number =>
  Number(String(duration?.seconds ?? 0)) * 1_000 + (duration?.nanos ?? 0) / 1e6;

/** Undefined for what is no JSON of ours. */
const valueIn = (payload: Payload | null | undefined): unknown => {
  try {
    return payload ? defaultPayloadConverter.fromPayload<unknown>(payload) : undefined;
  } catch {
    return undefined;
  }
};
