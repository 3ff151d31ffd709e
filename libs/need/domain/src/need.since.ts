import type { NeedCommandType } from './need.commands';

/** Since which rules there is a command; not named: from the beginning. Edges send none before those are active, so nobody ever decided one otherwise. */
export const COMMAND_SINCE: Readonly<Partial<Record<NeedCommandType, number>>> = {
  join: 2,
  'share-contact': 2,
  'adjust-funding': 4,
  'cancel-works': 4,
  vouch: 4,
  'report-in': 5,
  'await-decision': 5,
  'note-decision': 5,
  'join-project': 5,
  'leave-project': 5,
  dispatch: 6,
  correct: 6,
  'confirm-urgency': 6,
};

/** Rules version from which a department's money is reserved before it funds, and from which facts say who has delivered what. */
export const MONEY_SINCE = 4;

/** Rules version from which a need knows of the owners' decision that it waits for, of its project, and who came when the whistle blew. */
export const DECISIONS_SINCE = 5;

/**
 * Rules version from which a promise has bounds, a deadline that was moved is missed again, the centre may whistle, and what is called an emergency waits for
 * an office's word.
 */
export const MISTAKES_SINCE = 6;

/**
 * Rules version from which a call about an emergency is answered in hours, a date to answer by has bounds, an office's no to an emergency stands, a deadline
 * that moves is recorded before what moves it, and another policy makes nothing late that was not.
 */
export const EMERGENCIES_SINCE = 7;
