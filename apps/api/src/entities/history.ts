import { openRecord, type RecordedActor } from '@qiyue/engine';
import type { LedgerDocument } from '@qiyue/engine-runtime';
import type { AnyAggregate, AnyView } from '@qiyue/aggregate';

/**
 * A record as the history shows it. `hash` is SHA-256 over the RFC 8785 form of `{v: 1, aggregate, entity, seq,
 * type, time, actor, commandId, data, prevHash}`, where `data` is `stored` if that is there: the same with what people wrote as
 * it is sealed, and `actor` is `storedActor` if that is there: a pseudonym, with whom it stands for sealed beside it. `redacted` names fields of `data` that this reader does not see, `erased` those that nobody can open any more.
 */
export interface HistoryEvent {
  readonly seq: number;
  readonly type: string;
  readonly time: string;
  readonly actor: RecordedActor;
  readonly commandId: string;
  readonly data: object;
  readonly prevHash: string;
  readonly hash: string;
  /** Rules version under which it was made, and version of the form of `data`: both part of what is hashed, and left out for 1. */
  readonly rules?: number;
  readonly typeVersion?: number;
  /** Cryptographic suite of `hash`, part of what is hashed; left out for the first. */
  readonly suite?: string;
  readonly stored?: object;
  readonly storedActor?: Required<RecordedActor>;
  readonly redacted?: readonly string[];
  readonly erased?: readonly string[];
}

export const toHistoryEvent = (document: LedgerDocument): HistoryEvent => {
  const { seq, type, time, actor, commandId, data, prevHash, rules, typeVersion, suite } = openRecord(document);
  return {
    ...{ seq, type, time, actor, commandId, data, prevHash, hash: document.hash },
    ...(rules === undefined ? {} : { rules }),
    ...(typeVersion === undefined ? {} : { typeVersion }),
    ...(suite === undefined ? {} : { suite }),
  };
};

/** The entity's document after these records; null for none. */
export const viewOf = (model: Pick<AnyAggregate['model'], 'fold'>, documents: readonly LedgerDocument[]): AnyView | null =>
  documents.reduce<AnyView | null>((view, document) => model.fold(view, openRecord(document), document.hash), null);
