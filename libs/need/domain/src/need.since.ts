import type { NeedCommandType } from './need.commands';

/** Since which rules there is a command; not named: from the beginning. Edges send none before those are active, so nobody ever decided one otherwise. */
export const COMMAND_SINCE: Readonly<Partial<Record<NeedCommandType, number>>> = {
  join: 2,
  'share-contact': 2,
  'adjust-funding': 4,
  'cancel-works': 4,
  vouch: 4,
};

/** Rules version from which a department's money is reserved before it funds, and from which facts say who has delivered what. */
export const MONEY_SINCE = 4;
