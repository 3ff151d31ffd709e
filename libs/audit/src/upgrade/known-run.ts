import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { z } from 'zod';
import { openRecord, typeInLabel, type EventRecord, type Outcome, type StateDigest } from '@qiyue/engine';
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
  /** Of the state behind it, when it is known. */
  readonly digest?: StateDigest;
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
  digest: z.record(z.string(), z.string()).optional(),
});
const answerSchema = entrySchema.pick({ fingerprint: true, outcome: true }).extend({ unconfirmed: z.array(entrySchema) });
const requestSchema = z.object({ entries: z.array(entrySchema) });
type Entry = z.infer<typeof entrySchema>;
type HistoryEvent = NonNullable<History['events']>[number];

/**
 * The ledger first; where it lags, the history knows what was made: in the answers to the commands and in what the run gave to its flushes.
 * Where they contradict each other, the ledger counts; a flush that failed says nothing, for code that was turned away may have asked for it.
 */
export const knownRunOf = (ledger: LedgerSide, { events }: History): KnownRun => {
  const known = new Known();
  for (const event of events ?? []) known.take(event);
  for (const { seq, hash } of ledger.records) known.hashes.set(seq, hash);
  for (const [commandId, outcome] of ledger.outcomes) known.outcomes.set(commandId, outcome);
  return known;
};

class Known implements KnownRun {
  readonly hashes = new Map<number, string>();
  readonly outcomes = new Map<string, KnownOutcome>();
  readonly timers = new Map<string, KnownTimer>();
  /** What was asked of an activity, by the id of its event. */
  private readonly asked = new Map<string, Payload | undefined>();

  take(event: HistoryEvent): void {
    const { timerStartedEventAttributes: timer, activityTaskScheduledEventAttributes: scheduled } = event;
    const { workflowExecutionUpdateCompletedEventAttributes: update, activityTaskCompletedEventAttributes: completed } = event;
    if (update) this.takeAnswer(update.meta?.updateId, valueIn(update.outcome?.success?.payloads?.[0]));
    if (scheduled) this.asked.set(String(event.eventId), scheduled.input?.payloads?.[0]);
    if (completed) requestSchema.safeParse(valueIn(this.asked.get(String(completed.scheduledEventId)))).data?.entries.forEach(this.takeFlushed);
    if (timer?.timerId) this.timers.set(timer.timerId, { ms: msOf(timer.startToFireTimeout), type: typeIn(event.userMetadata?.summary) });
  }

  private takeAnswer(updateId: string | null | undefined, value: unknown): void {
    const { data: answer } = answerSchema.safeParse(value);
    if (answer === undefined) return;
    if (updateId) this.outcomes.set(updateId, knownOutcomeOf(answer));
    answer.unconfirmed.forEach(this.takeEntry);
  }

  /** Code that folds otherwise than the code that answered flushes the same records, so its digest says nothing. */
  private readonly takeFlushed = ({ digest: _, ...entry }: Entry): void => {
    const digest = this.outcomes.get(entry.commandId)?.digest;
    this.takeEntry(digest === undefined ? entry : { ...entry, digest });
  };

  private readonly takeEntry = (entry: Entry): void => {
    this.outcomes.set(entry.commandId, knownOutcomeOf(entry));
    for (const { seq, hash } of entry.records) this.hashes.set(seq, hash);
  };
}

/** Of a parsed outcome or of the engine's own. */
export const knownOutcomeOf = ({ fingerprint, outcome, digest }: Answered): KnownOutcome => ({
  fingerprint,
  status: outcome.status,
  seq: outcome.seq,
  code: ('refusal' in outcome ? outcome.refusal?.code : null) ?? null,
  ...(digest === undefined ? {} : { digest }),
});

interface Answered {
  readonly fingerprint: string;
  readonly outcome: Entry['outcome'] | Outcome;
  readonly digest?: StateDigest | undefined;
}

/** Ids of the commands that a history answered. */
export const commandsIn = ({ events }: History): ReadonlySet<string> =>
  new Set((events ?? []).flatMap(({ workflowExecutionUpdateCompletedEventAttributes: update }) => update?.meta?.updateId ?? []));

export const bodiesOf = ({ records }: LedgerSide, upTo: number) => records.filter(({ seq }) => seq <= upTo).map((record) => openRecord(record));

/** Of a history from the server, or of one that was kept as JSON: seconds are a Long, a number or a text. */
const msOf = (duration: { readonly seconds?: { toString(): string } | null; readonly nanos?: number | null } | null | undefined): number =>
  Number(String(duration?.seconds ?? 0)) * 1_000 + (duration?.nanos ?? 0) / 1e6;

const typeIn = (payload: Payload | null | undefined): string | null => {
  const label = textIn(payload);
  return label === null ? null : typeInLabel(label);
};

const textIn = (payload: Payload | null | undefined): string | null => {
  const value = valueIn(payload);
  return typeof value === 'string' ? value : null;
};

/** Undefined for what is no JSON of ours. */
const valueIn = (payload: Payload | null | undefined): unknown => {
  try {
    return payload ? defaultPayloadConverter.fromPayload<unknown>(payload) : undefined;
  } catch {
    return undefined;
  }
};
