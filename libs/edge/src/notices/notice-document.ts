import { recipientKey, type OutwardNotice } from '@qiyue/notices';

/** Waiting to be sent, being sent, taken by the other side, refused by it for good, or nobody knows. */
export const NOTICE_STATES = ['waiting', 'claimed', 'sent', 'refused', 'hanging'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** Documents keep the name that they had while there were needs only. */
type Kept = { readonly needId: string } & Pick<
  OutwardNotice,
  | 'aggregate'
  | 'link'
  | 'seq'
  | 'type'
  | 'asks'
  | 'channel'
  | 'to'
  | 'language'
  | 'urgent'
  | 'at'
  | 'sendAt'
  | 'subject'
  | 'text'
  | 'awaitsWord'
  | 'budgets'
>;

export interface NoticeDoc extends Kept {
  /** The notice's key. */
  readonly _id: string;
  readonly recipient: string;
  /** `<channel>:<to>`: what is due for one goes out as one. */
  readonly target: string;
  readonly state: NoticeState;
  /** How often it was claimed. */
  readonly attempts: number;
  /** Not before this moment of the machine's clock, ms since 1970. */
  readonly retryAtMs: number;
  readonly lease: string | null;
  /** When whoever claimed it counts as dead, ms of the machine's clock. */
  readonly leaseUntilMs: number | null;
  /** A code of why it waits, was refused or hangs; never what the other side wrote. */
  readonly reason: string | null;
  /** What the other side calls it. */
  readonly reference: string | null;
  /** Business time, ISO 8601 with +08:00. */
  readonly settledAt: string | null;
}

export const newNotice = ({
  key,
  recipient,
  entity,
  aggregate,
  link,
  seq,
  type,
  asks,
  channel,
  to,
  language,
  urgent,
  at,
  sendAt,
  subject,
  text,
  awaitsWord,
  budgets,
}: OutwardNotice): NoticeDoc => ({
  _id: key,
  ...{ needId: entity, seq, type, channel, to, language, urgent, at, sendAt, subject, text },
  ...(aggregate === undefined ? {} : { aggregate }),
  ...(link === undefined ? {} : { link }),
  ...(asks === undefined ? {} : { asks }),
  ...(awaitsWord === undefined ? {} : { awaitsWord }),
  ...(budgets === undefined ? {} : { budgets }),
  recipient: recipientKey(recipient),
  target: `${channel}:${to}`,
  ...{ state: 'waiting', attempts: 0, retryAtMs: 0 },
  ...{ lease: null, leaseUntilMs: null, reason: null, reference: null, settledAt: null },
});
