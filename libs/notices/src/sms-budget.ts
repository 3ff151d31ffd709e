import { sha256Hex } from '@qiyue/engine';
import type { NeedView } from '@qiyue/need-views';
import type { Recipient } from './recipient';

/** What a short message is paid from, as shares of what one need may cost on a day. */
export interface SmsBudget {
  /** The same for everything that is paid from it. */
  readonly key: string;
  readonly share: number;
}

/** Half of it is kept for those who are called by name: supervisors are reached also when all departments were called. */
const MASS_SHARE = 0.5;
/** A person who is no office, with all the needs that they write. */
const AUTHOR_SHARE = 3;
const HASH_HEX = 16;

/** All of these have to have something left. */
export const smsBudgetsOf = ({ needId, author }: Pick<NeedView, 'needId' | 'author'>, recipient: Recipient): readonly SmsBudget[] => [
  ...(isMass(recipient) ? [{ key: `mass/${needId}`, share: MASS_SHARE }] : []),
  ...(author.role === 'community' ? [] : [{ key: `author/${sha256Hex(author.id).slice(0, HASH_HEX)}`, share: AUTHOR_SHARE }]),
  { key: `need/${needId}`, share: 1 },
];

const isMass = (recipient: Recipient): boolean => recipient.kind === 'post' && recipient.role === 'department' && recipient.unit === null;
