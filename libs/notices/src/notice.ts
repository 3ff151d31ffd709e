import type { Language } from '@qiyue/civic-domain';
import type { Recipient } from './recipient';
import type { SmsBudget } from './sms-budget';
import type { NoticeType } from './notice-types';

export const OUTWARD_CHANNELS = ['email', 'wecom', 'dingtalk', 'sms'] as const;
export type OutwardChannel = (typeof OUTWARD_CHANNELS)[number];

export interface Words {
  readonly subject: string;
  readonly text: string;
}

interface AnyNotice {
  /** `<entity>:<seq>:<recipient>:<channel>[:<hash of the address>]`: the same event gives the same keys for ever. */
  readonly key: string;
  readonly entity: string;
  /** Left out: the system's own. */
  readonly aggregate?: string;
  /** The way to it; left out: there is none. */
  readonly link?: string;
  readonly seq: number;
  readonly type: NoticeType;
  readonly recipient: Recipient;
  /** The command that its recipient is asked for; left out: none. */
  readonly asks?: string;
  /** Passes quiet hours and waits for no other. */
  readonly urgent: boolean;
  /** Time of the event, ISO 8601 with +08:00. */
  readonly at: string;
  /** Not to be told at all when an office has its word before it is due. */
  readonly awaitsWord?: true;
}

/** For the inbox, in every language: who reads it is not known yet. */
export interface InboxNotice extends AnyNotice {
  readonly words: Readonly<Record<Language, Words>>;
  /** Not shown before this business time, ISO 8601 with +08:00. Left out: at once. */
  readonly notBefore?: string;
}

export interface OutwardNotice extends AnyNotice, Words {
  readonly channel: OutwardChannel;
  /** Id in the directory of the person (e-mail, SMS) or the robot; addresses are looked up when it is sent. */
  readonly to: string;
  readonly language: Language;
  /** Not before this business time, ISO 8601 with +08:00. */
  readonly sendAt: string;
  /** Of a short message: what it is paid from. */
  readonly budgets?: readonly SmsBudget[];
}

/** All that one event gives. */
export interface Notices {
  readonly inbox: readonly InboxNotice[];
  readonly outward: readonly OutwardNotice[];
}
