import type { AnyAggregate } from '@qiyue/aggregate';
import type { Outcome } from '@qiyue/engine';
import type { CircuitBreaker, Command, LedgerStore } from '@qiyue/engine-runtime';
import { foldEntity, isPermittedOn, refusedOn, tryOn } from './ledger-entity';

/**
 * The refusal of a command that its sender may not give to this entity, now or ever: their role may not, or a rule that never changes says no. Null for
 * every other command, for an entity that the ledger does not hold yet, and where it cannot be read at once: then the entity itself is asked, since a
 * command is taken also while MongoDB is away.
 */
export const hopelessOn = async (
  store: LedgerStore,
  { decider, access }: Pick<AnyAggregate, 'decider' | 'access'>,
  command: Command,
  breaker: CircuitBreaker,
): Promise<(Outcome & { readonly status: 'refused' }) | null> => {
  const rule = ruleOf(access.commands[command.type] ?? {}, command.actor.role);
  if (rule !== null && !access.settled.has(rule)) return null;
  if (rule !== null && access.isOwnWord?.(rule, command.data, command.actor) === true) return null;
  const entity = await breaker.call(() => foldEntity(store, decider, command.entity));
  if (entity === null || entity.seq === 0) return null;
  if (rule !== null && isPermittedOn(decider, entity, command)) return null;
  const decision = tryOn(decider, entity, command);
  return decision.ok ? null : refusedOn(decider, entity, command, decision.refusal);
};

/** Roles come from tokens: any text. */
const ruleOf = (rules: Readonly<Record<string, string | undefined>>, role: string): string | null =>
  Object.hasOwn(rules, role) ? (rules[role] ?? null) : null;
