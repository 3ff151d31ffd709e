import type { Outcome } from '@qiyue/engine';
import type { Command, LedgerStore, CircuitBreaker } from '@qiyue/engine-runtime';
import { isOwner, ownershipRuleOf, type NeedCommand, type NeedCommandType, type OwnershipRule } from '@qiyue/need-domain';
import { foldNeed, giverOf, refusedOn, tryOn } from './ledger-need';

/** Whose need it is by these rules never changes, so that what the ledger says of it stays true however far it lags behind. */
const UNCHANGING: ReadonlySet<OwnershipRule> = new Set(['author', 'named-unit']);

/**
 * The refusal of a command that its sender may not give to this need, now or ever: their role may not, they did not write it, or they claim for
 * another unit. Null for every other command, for a need that the ledger does not hold yet, and where it cannot be read at once: then the need
 * itself is asked, since a command is taken also while MongoDB is away.
 */
export const hopelessOn = async (
  store: LedgerStore,
  command: Command,
  breaker: CircuitBreaker,
): Promise<(Outcome & { readonly status: 'refused' }) | null> => {
  const type = command.type as NeedCommandType;
  const rule = ownershipRuleOf(type, command.actor.role);
  if (rule !== null && !UNCHANGING.has(rule)) return null;
  if (rule === 'named-unit' && command.data['unit'] === command.actor.unit) return null;
  const need = await breaker.call(() => foldNeed(store, command.entity));
  if (need === null || need.seq === 0) return null;
  if (rule !== null && isOwner(rule, { type, data: command.data } as unknown as NeedCommand, need.state, giverOf(need, command))) return null;
  const decision = tryOn(need, command);
  return decision.ok ? null : refusedOn(need, command, decision.refusal);
};
