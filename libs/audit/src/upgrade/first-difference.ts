import { canonicalJson, fieldsThatDiffer, foldRecords, openRecord, type AnyDecider, type EntityCarry, type OutboxEntry } from '@qiyue/engine';
import type { ReplayedDeadline, ReplayedRun } from '../reconcile/history-replay';
import { bodiesOf, type KnownOutcome, type KnownRun, type LedgerSide } from './known-run';

/**
 * `other-hash`: another record at the seq. `other-outcome`: accepted where it was refused, refused where it was accepted, or refused for another
 * reason. `extra`, `missing`: records more or less than there were. `other-deadline`: a timer that waits longer or shorter, or for something else.
 * `other-state`: the same records come to another state than they did, or what the run carries is not what its records say.
 */
export type DifferenceKind = 'other-hash' | 'other-outcome' | 'extra' | 'missing' | 'other-deadline' | 'other-state';

export interface Difference {
  /** The first seq that would differ. */
  readonly seq: number;
  readonly why: DifferenceKind;
  /** Of the state, when another digest of it is known: those that it has otherwise. */
  readonly fields?: readonly string[];
}

/** Timers are kept in ms by some, in ns by others. */
const ROUNDING_MS = 1;

/** Where a replay comes to something else than the code that ran, at the lowest seq, the outcome before the record; null when it does not. */
export const firstDifference = (replayed: ReplayedRun, known: KnownRun): Difference | null => {
  const all = [
    ...baseDifference(replayed.first, known),
    ...replayed.handled.flatMap((entry) => [...outcomeDifference(entry, known.outcomes.get(entry.commandId)), ...recordDifferences(entry, known)]),
    ...replayed.deadlines.flatMap((timer) => deadlineDifference(timer, known)),
    ...(replayed.why === null ? missingAtTheEnd(replayed, known) : []),
  ];
  return all.reduce<Difference | null>((first, one) => (first === null || one.seq < first.seq ? one : first), null);
};

/** What the run was born with is in the ledger, or is not known. */
const baseDifference = (first: EntityCarry<unknown> | null, { hashes }: KnownRun): readonly Difference[] =>
  first === null || (hashes.get(first.seq) ?? first.hash) === first.hash ? [] : [{ seq: first.seq, why: 'other-hash' }];

const recordDifferences = ({ records }: OutboxEntry, { hashes }: KnownRun): readonly Difference[] =>
  records.filter(({ seq, hash }) => (hashes.get(seq) ?? hash) !== hash).map(({ seq }) => ({ seq, why: 'other-hash' }));

const outcomeDifference = ({ fingerprint, outcome, digest = {} }: OutboxEntry, known: KnownOutcome | undefined): readonly Difference[] => {
  if (known?.fingerprint !== fingerprint) return []; // another command took its id
  const seq = Math.min(outcome.seq, known.seq) + 1;
  const code = outcome.status === 'refused' ? outcome.refusal.code : null;
  if (outcome.status !== known.status || code !== known.code) return [{ seq, why: 'other-outcome' }];
  if (outcome.seq !== known.seq) return [{ seq, why: outcome.seq > known.seq ? 'extra' : 'missing' }];
  const fields = fieldsThatDiffer(digest, known.digest ?? {});
  return fields.length === 0 ? [] : [{ seq, why: 'other-state', fields }];
};

const deadlineDifference = ({ id, ms, type, seq }: ReplayedDeadline, { timers }: KnownRun): readonly Difference[] => {
  const timer = timers.get(id);
  if (timer === undefined) return []; // unset in the task that set it, or not set yet
  const isSame = Math.abs(timer.ms - ms) <= ROUNDING_MS && (timer.type ?? type) === type;
  return isSame ? [] : [{ seq: seq + 1, why: 'other-deadline' }];
};

const missingAtTheEnd = ({ last }: ReplayedRun, { hashes }: KnownRun): readonly Difference[] => {
  const end = last?.seq ?? 0;
  return [...hashes.keys()].some((seq) => seq > end) ? [{ seq: end + 1, why: 'missing' }] : [];
};

/**
 * What a run carries beside what its records say, both by today's code: a state that lacks a field decides otherwise from the next command on.
 * Throws `UnknownRules`.
 */
export const stateDifference = (decider: AnyDecider, ledger: LedgerSide, last: EntityCarry<unknown> | null): Difference | null => {
  if (last === null || last.seq === 0) return null;
  const inLedger = bodiesOf(ledger, last.seq);
  const behind = last.outbox.flatMap(({ records }) => records).filter(({ seq }) => seq > inLedger.length);
  const records = [...inLedger, ...behind.map((record) => openRecord(record))];
  if (records.length !== last.seq) return null; // what is in between is nowhere yet but in the history
  const { state } = foldRecords(decider, records);
  return isSameJson(state, last.state) ? null : { seq: last.seq + 1, why: 'other-state' };
};

/** What has no JSON form (NaN) is like nothing. */
const isSameJson = (a: unknown, b: unknown): boolean => {
  try {
    return canonicalJson(a) === canonicalJson(b);
  } catch {
    return false;
  }
};
