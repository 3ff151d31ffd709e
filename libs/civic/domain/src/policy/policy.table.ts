import { parseTable, type CalendarTable } from '@qiyue/calendar';
import type { Context } from '@qiyue/engine';
import type { DeadlineRule, PolicyDocument, Rung } from './policy.document';

/** A policy as `decide` gets it: what decides, without who is told and why. Plain JSON, about 1 kB. A part that the document leaves out is left out here too. */
export interface PolicyTable extends Pick<
  PolicyDocument,
  | 'version'
  | 'officeHours'
  | 'whistle'
  | 'evaluation'
  | 'returnWorkingDays'
  | 'extension'
  | 'promiseMaxWorkingDays'
  | 'reopenDays'
  | 'unitYear'
  | 'contract'
  | 'decision'
> {
  readonly deadlines: readonly Omit<DeadlineRule, 'basis'>[];
  readonly remind: Omit<PolicyDocument['remind'], 'tells'>;
  readonly ladder: readonly Omit<Rung, 'tells'>[];
}

/** Of the document's version. The document is one that `checkPolicy` has accepted. */
export const compilePolicy = (document: PolicyDocument): PolicyTable => {
  const { version, officeHours, whistle, evaluation, returnWorkingDays, extension, reopenDays, remind } = document;
  const { promiseMaxWorkingDays, unitYear, contract, decision } = document;
  return {
    ...{ version, officeHours, whistle, evaluation, returnWorkingDays, extension, reopenDays },
    deadlines: document.deadlines.map(({ basis: _, ...rule }) => rule),
    remind: { beforeWorkingDays: remind.beforeWorkingDays, beforeShareOfHours: remind.beforeShareOfHours },
    ladder: document.ladder.map(({ tells: _, ...rung }) => rung),
    ...(promiseMaxWorkingDays === undefined ? {} : { promiseMaxWorkingDays }),
    ...(unitYear === undefined ? {} : { unitYear }),
    ...(contract === undefined ? {} : { contract }),
    ...(decision === undefined ? {} : { decision }),
  };
};

/** What deadlines are computed from. */
export interface DeadlineTables {
  readonly calendar: CalendarTable;
  readonly policy: PolicyTable;
}

/** A ladder without the rules for its windows: the policy's, or one that an aggregate brings of its own. */
export type Ladder = Pick<PolicyTable, 'version' | 'officeHours' | 'remind' | 'ladder'>;
export interface LadderTables {
  readonly calendar: CalendarTable;
  readonly policy: Ladder;
}

/** The tables that the entity holds, or null for one that never got any: its windows are plain hours, without a ladder. */
export const tablesOf = ({ tables }: Pick<Context, 'tables'>): DeadlineTables | null => {
  const calendar = parseTable(tables['calendar']);
  const policy = tables['policy'];
  return calendar !== null && isPolicyTable(policy) ? { calendar, policy } : null;
};

/** Told apart from anything else by its form; that it is sensible was checked when it was imported. */
const isPolicyTable = (table: unknown): table is PolicyTable =>
  typeof table === 'object' && table !== null && 'version' in table && 'deadlines' in table && 'ladder' in table && Array.isArray(table.deadlines);
