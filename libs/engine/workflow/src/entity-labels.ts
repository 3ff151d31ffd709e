import {
  minuteOf,
  timerLabel,
  wordsOfDue,
  type CommandShape,
  type Decider,
  type Due,
  type Entity,
  type EventShape,
  type Summary,
} from '@qiyue/engine';

/** What a timer waits for. A label stops nothing: where the decider has a bug, it is the command's name. */
export const labelOf = <S, C extends CommandShape, E extends EventShape, R extends string>(
  { labels, summary }: Decider<S, C, E, R>,
  due: Due<C>,
  state: S,
): string => {
  try {
    return timerLabel(due.command.type, labels?.dueOf?.(due, state) ?? wordsOfDue(due, summary(state)));
  } catch {
    return due.command.type;
  }
};

/** Where an entity stands, for whoever opens its workflow in Temporal's own pages, in lines; nothing where the decider has a bug. */
export const detailsOf = <S, C extends CommandShape, E extends EventShape, R extends string>(
  decider: Decider<S, C, E, R>,
  { currentState, seq }: Pick<Entity<S, C, E, R>, 'currentState' | 'seq'>,
  due: Due<C> | null,
): readonly string[] => {
  const next = due === null ? [] : [`next: ${labelOf(decider, due, currentState)}, ${minuteOf(due.at)}`];
  return [...standingOf(decider, currentState), `events: ${seq}`, ...next];
};

const standingOf = <S>({ summary }: { summary(state: S): Summary }, state: S): readonly string[] => {
  try {
    return Object.entries(summary(state)).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  } catch {
    return [];
  }
};
