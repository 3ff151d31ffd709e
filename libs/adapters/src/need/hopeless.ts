import { UnknownRules, type Outcome } from '@qiyue/engine';
import type { Command, LedgerStore } from '@qiyue/engine-runtime';
import { isOwner, ownershipRuleOf, type NeedCommand, type NeedCommandType, type OwnershipRule } from '@qiyue/need-domain';
import { MongoError } from 'mongodb';
import { foldNeed, refusedOn, tryOn } from './ledger-need';

/** Whose need it is by these rules never changes, so that what the ledger says of it stays true however far it lags behind. */
const UNCHANGING: ReadonlySet<OwnershipRule> = new Set(['author', 'named-unit']);

/**
 * The refusal of a command that its sender may not give to this need, now or ever: their role may not, they did not write it, or they claim for
 * another unit. Null for every other command, for a need that the ledger does not hold yet, and where it cannot be read: then the need
 * itself is asked.
 */
export const hopelessOn = async (store: LedgerStore, command: Command): Promise<(Outcome & { readonly status: 'refused' }) | null> => {
  const type = command.type as NeedCommandType;
  const rule = ownershipRuleOf(type, command.actor.role);
  if (rule !== null && !UNCHANGING.has(rule)) return null;
  try {
    const need = await foldNeed(store, command.entity);
    if (need.seq === 0) return null;
    if (rule !== null && isOwner(rule, { type, data: command.data } as unknown as NeedCommand, need.state, command.actor)) return null;
    const decision = tryOn(need, command);
    return decision.ok ? null : refusedOn(need, command, decision.refusal);
  } catch (error) {
    if (error instanceof MongoError || error instanceof UnknownRules) return null;
    throw error;
  }
};
