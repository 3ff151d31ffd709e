import type { Language } from '@qiyue/civic-domain';
import type { Recipient } from './recipient';

export interface Person {
  /** As in the `sub` of their token. */
  readonly id: string;
  readonly role: string;
  readonly unit: string | null;
  readonly language: Language;
  readonly email?: string;
  readonly phone?: string;
}

/** A robot in a group's chat: of a role, of one unit of it, or of whatever role a unit has. */
export interface Robot {
  readonly id: string;
  readonly kind: 'wecom' | 'dingtalk';
  readonly role?: string;
  readonly unit?: string | null;
  /** Holds the robot's key: neither it nor `secret` ever stands in a notice. */
  readonly url: string;
  readonly secret?: string;
}

/** Who can be reached outside of the inbox, and where. */
export interface Directory {
  readonly persons: readonly Person[];
  readonly robots: readonly Robot[];
}

export const EMPTY_DIRECTORY: Directory = { persons: [], robots: [] };

export const personsOf = ({ persons }: Directory, recipient: Recipient): readonly Person[] =>
  recipient.kind === 'actor'
    ? persons.filter(({ id }) => id === recipient.id)
    : persons.filter(({ role, unit }) => role === recipient.role && (recipient.unit === null || unit === recipient.unit));

/** A post of a whole role has the robots of all its units; an actor has none. */
export const robotsOf = ({ robots }: Directory, recipient: Recipient): readonly Robot[] => {
  if (recipient.kind === 'actor') return [];
  const { role, unit } = recipient;
  return robots.filter((robot) => (unit === null ? robot.role === role : (robot.role ?? role) === role && (robot.unit ?? null) === unit));
};
