import type { CommandShape, Decider, EventShape } from './decider';
import { eventOf, rulesOf, type RecordBody } from './record';

/** A stream folded by today's code, and the rules version that its entity has come to by its records. */
export interface Folded<S> {
  readonly state: S;
  readonly rules: number;
}

/** A record was made under rules, or has a form, that this code does not know: whoever folds waits for the code that does. */
export class UnknownRules extends Error {
  override readonly name = 'UnknownRules';

  constructor(
    readonly rules: number,
    readonly known: number,
  ) {
    super(`rules version ${rules} is not known to this code, which knows up to ${known}`);
  }
}

/** The newest rules version that a decider knows; 1 where it names none. */
export const knownRulesOf = ({ rules }: Pick<Decider<never, never, never>, 'rules'>): number => rules ?? 1;

/** State by records, each by the rules under which it was made. Throws `UnknownRules`, and as `evolve` does on a corrupt stream. */
export const foldRecords = <S, C extends CommandShape, E extends EventShape, R extends string>(
  decider: Decider<S, C, E, R>,
  records: readonly RecordBody[],
): Folded<S> => {
  let { initial: state } = decider;
  let rules = 1;
  const known = knownRulesOf(decider);
  for (const record of records) {
    if (rulesOf(record) > known) throw new UnknownRules(rulesOf(record), known);
    rules = Math.max(rules, rulesOf(record));
    state = decider.evolve(state, eventOf<E>(record, decider.upcasters), { rules: rulesOf(record) });
  }
  return { state, rules };
};
