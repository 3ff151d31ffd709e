import { sha256Hex } from '@qiyue/engine';
import type { Recipient } from './recipient';

/** What a short message is paid from, as shares of what one entity may cost on a day. */
export interface SmsBudget {
  /** The same for everything that is paid from it. */
  readonly key: string;
  readonly share: number;
}

/** Half of it is kept for those who are called by name: supervisors are reached also when all departments were called. */
const MASS_SHARE = 0.5;
/** A person who is no office, with all that they write. */
const AUTHOR_SHARE = 3;
const HASH_HEX = 16;

/** What is told of, and the person who wrote it; null: an office. */
export interface Paid {
  readonly entity: string;
  readonly author: { readonly id: string } | null;
}

/** All of these have to have something left. */
export const smsBudgetsOf = ({ entity, author }: Paid, recipient: Recipient): readonly SmsBudget[] => [
  ...(isMass(recipient) ? [{ key: `mass/${entity}`, share: MASS_SHARE }] : []),
  ...(author === null ? [] : [{ key: `author/${sha256Hex(author.id).slice(0, HASH_HEX)}`, share: AUTHOR_SHARE }]),
  { key: `need/${entity}`, share: 1 },
];

const isMass = (recipient: Recipient): boolean => recipient.kind === 'post' && recipient.role === 'department' && recipient.unit === null;
