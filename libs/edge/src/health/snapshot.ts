import type {
  ForkDocument,
  Incident,
  IncidentDocument,
  IncidentKind,
  ParkedReaction,
  QuarantineDocument,
  RefusedReaction,
} from '@qiyue/engine-runtime';
import type { LiveProcess, ConsumerHealth } from '@qiyue/platform';

export interface RelayHealth {
  /** Records of the ledger that are not on the topic; beyond some thousands a lower bound. */
  readonly records: number;
  /** Age of the oldest of them; 0 when there is none. */
  readonly seconds: number;
  /** The first record that is not published. */
  readonly next: { readonly entity: string; readonly seq: number } | null;
}

/** Ledger, feed and topic, as they were compared message by message. */
export interface TopicHealth {
  /** Records of the feed that were not met on the topic, and the age of the oldest. */
  readonly lagRecords: number;
  readonly lagSeconds: number;
  /** Published by the relay's word half a minute ago, and not met. */
  readonly holes: number;
  /** Messages that say of a record what the ledger does not. */
  readonly differing: number;
  /** Since the last look; null when nobody has compared yet. */
  readonly comparedSeconds: number | null;
  /** The first hole. */
  readonly next: { readonly entity: string; readonly seq: number } | null;
}

/** How many, and the first of them. */
export interface Counted<Row> {
  readonly count: number;
  readonly first: readonly Row[];
}

export interface EvidenceHealth {
  /** Null when there never was one. */
  readonly checkpointAgeSeconds: number | null;
  /** Of the last verification without findings. */
  readonly verificationAgeSeconds: number | null;
  /** Of the last verification, good or not. */
  readonly findings: number;
  /** Since the first command that is known: what there never was counts from here. Null before there was any. */
  readonly inUseSeconds: number | null;
}

/** Commands over several entities that have waited for longer than they should. */
export interface SagaHealth {
  readonly waiting: number;
  /** Since the oldest of them was begun; 0 when there is none. */
  readonly oldestSeconds: number;
}

/** Notices of the last days that did not go out, or of which nobody knows, by the channel that they were to go. */
export type UndeliveredNotices = Readonly<Record<'refused' | 'hanging', Readonly<Record<string, number>>>>;

/** All that an operator has to see, at one moment. Null: it could not be asked now, since a store does not answer. */
export interface SystemSnapshot {
  /** ISO 8601 with +08:00. */
  readonly at: string;
  readonly relay: RelayHealth | null;
  /** Of the ledger of facts. */
  readonly auditRelay: RelayHealth | null;
  readonly topic: TopicHealth | null;
  readonly consumers: readonly ConsumerHealth[] | null;
  /** Topics of ours that the brokers do not have. */
  readonly missingTopics: readonly string[] | null;
  readonly incidents: Counted<IncidentDocument> | null;
  readonly incidentCounts: Readonly<Record<IncidentKind, number>> | null;
  readonly quarantined: (Counted<QuarantineDocument> & { readonly byModel: Readonly<Record<string, number>> }) | null;
  readonly forked: Counted<ForkDocument> | null;
  /** Sources whose reactions wait, and reactions that were refused or broke and that nobody has looked at. */
  readonly reactions: { readonly parked: Counted<ParkedReaction>; readonly refused: Counted<RefusedReaction> } | null;
  readonly sagas: SagaHealth | null;
  /** Open ones by reason. */
  readonly deadLetters: Readonly<Record<string, number>> | null;
  /** Entities of which a step should have been taken some minutes ago. */
  readonly overdueTimers: Counted<{ readonly entity: string }> | null;
  readonly undelivered: UndeliveredNotices | null;
  readonly evidence: EvidenceHealth | null;
  readonly processes: readonly LiveProcess[] | null;
}

export const placeText = ({ topic, partition, offset }: NonNullable<Incident['place']>): string => `${topic}:${partition}:${offset}`;
