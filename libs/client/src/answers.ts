import type { Actor } from '@qiyue/engine';
import type { NeedEventType } from '@qiyue/need-domain';
import type { NeedListItem } from '@qiyue/need-views';

/** Where a need stands after an accepted command. */
export interface NeedStanding {
  readonly needId: string;
  readonly seq: number;
  readonly stage: string;
  readonly status: string;
}

/** 202: taken, its outcome not known yet; ask with `commandStatus`. */
export interface PendingCommand {
  readonly commandId: string;
  readonly state: 'pending';
}

export type CommandResult = NeedStanding | PendingCommand;
export const isPending = (result: CommandResult): result is PendingCommand => 'state' in result;

export interface CommandStatus {
  readonly commandId: string;
  readonly state: 'pending' | 'accepted' | 'refused' | 'dead';
  readonly code?: string;
  readonly needId?: string;
  readonly seq?: number;
}

export interface HistoryEvent {
  readonly seq: number;
  readonly type: NeedEventType;
  readonly time: string;
  readonly actor: Actor;
  readonly commandId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly prevHash: string;
  readonly hash: string;
  /** Rules version under which it was made; left out for 1. */
  readonly rules?: number;
  /** Version of the form of `data`; left out for 1. */
  readonly typeVersion?: number;
  /** Cryptographic suite of `hash`; left out for the first. */
  readonly suite?: string;
  /** Fields of `data` that this reader does not see. */
  /** `actor` as the hash covers it: a pseudonym, and whom it stands for, sealed. */
  readonly storedActor?: Actor & { readonly person: string };
  readonly redacted?: readonly string[];
  /** Fields that nobody can open any more. */
  readonly erased?: readonly string[];
  /** `data` as the hash covers it, with personal text sealed; left out where it is the same. */
  readonly stored?: Readonly<Record<string, unknown>>;
}
export interface History {
  readonly needId: string;
  readonly events: readonly HistoryEvent[];
}

export interface NeedFilters {
  readonly stage?: string;
  readonly status?: string;
  readonly unit?: string;
  readonly community?: string;
  readonly kind?: 'tangible' | 'service';
  readonly overdue?: boolean;
  readonly q?: string;
  /** 1 to 100. */
  readonly limit?: number;
  readonly cursor?: string;
}
export interface NeedPage {
  readonly items: readonly NeedListItem[];
  readonly nextCursor: string | null;
}

export type InboxState = 'unread' | 'read' | 'archived';

/** A notice as its reader sees it. */
export interface InboxEntry {
  readonly noticeId: string;
  readonly needId: string;
  readonly seq: number;
  readonly type: NeedEventType;
  readonly title: string;
  readonly text: string;
  readonly urgent: boolean;
  readonly at: string;
  readonly readAt: string | null;
  readonly archivedAt: string | null;
}
export interface InboxPage {
  readonly items: readonly InboxEntry[];
  readonly nextCursor: string | null;
  /** Over all pages. */
  readonly unread: number;
}
export interface PageOptions {
  /** 1 to 100. */
  readonly limit?: number;
  readonly cursor?: string;
}
export interface InboxFilters extends PageOptions {
  readonly state?: InboxState;
}

/** A notice on its way to the outside: how far it has come, never its words. */
export interface NoticeRow {
  readonly noticeId: string;
  readonly needId: string;
  readonly seq: number;
  readonly type: NeedEventType;
  readonly recipient: string;
  readonly channel: 'email' | 'wecom' | 'dingtalk' | 'sms';
  readonly state: NoticeState;
  readonly urgent: boolean;
  readonly at: string;
  readonly sendAt: string;
  readonly attempts: number;
  readonly reason: string | null;
  readonly settledAt: string | null;
}
export type NoticeState = 'waiting' | 'claimed' | 'sent' | 'refused' | 'hanging';
export interface NoticePage {
  readonly items: readonly NoticeRow[];
  readonly nextCursor: string | null;
}
export interface NoticeFilters extends PageOptions {
  readonly state?: NoticeState;
  readonly needId?: string;
}

export interface StageCounts {
  readonly total: number;
  readonly stages: Readonly<Record<string, number>>;
}

/** An event of the feed: CloudEvents 1.0. `id` of the stream is `position`. */
export interface FeedEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly actorid: string;
  readonly actorrole: string;
  readonly actorunit?: string;
  /** Of a person's pseudonym: whom it stands for, sealed. */
  readonly actorperson?: string;
  readonly commandid: string;
  readonly prevhash: string;
  readonly hash: string;
  readonly position: number;
}
