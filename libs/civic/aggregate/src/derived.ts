import { contactPathsOf, fieldNameOf, isOurCommandId, ownPathsOf, personalPathsOf, secretPathsOf } from '@qiyue/civic-contracts';
import type { AnySaga, KeyedModel, MaySayNothing, ReactingAggregate, ReadModel } from '@qiyue/engine-runtime';
import { ALARM_TYPES } from '@qiyue/notices';
import type { z } from 'zod';
import type { AggregateQuery, AnyAggregate } from './aggregate';
import { PDF, XLSX } from './sheets';

/** Where in a command's body words about a person may stand. */
export interface PersonalPaths {
  readonly personal: readonly string[];
  /** Of them those that a resident writes of themselves. */
  readonly own: ReadonlySet<string>;
  /** Of those how somebody is reached. */
  readonly contact: ReadonlySet<string>;
  /** Those that are sealed under a key of their entity, and not of whoever sent them. */
  readonly secret: ReadonlySet<string>;
}

const memo = <K extends object, V>(make: (key: K) => V): ((key: K) => V) => {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
};

export const personalPathsIn: (schema: z.ZodType) => PersonalPaths = memo((schema) => ({
  personal: personalPathsOf(schema),
  own: new Set(ownPathsOf(schema)),
  contact: new Set(contactPathsOf(schema)),
  secret: new Set(secretPathsOf(schema)),
}));

/** Whether some of its commands say what is sealed under the entity's own key. */
export const hasSecrets: (aggregate: Pick<AnyAggregate, 'commands'>) => boolean = memo(({ commands }) =>
  Object.values(commands).some(({ schema }) => personalPathsIn(schema).secret.size > 0),
);

/** Names of all fields of an aggregate that may tell about a person: the same in commands, events and documents. */
export const personalNamesOf: (aggregate: AnyAggregate) => ReadonlySet<string> = memo(({ commands, events }) => {
  const schemas = [...Object.values(commands), ...Object.values(events)].map(({ schema }) => schema);
  return new Set(schemas.flatMap(personalPathsOf).map(fieldNameOf));
});

export const personalNamesOfAll = (aggregates: readonly AnyAggregate[]): ReadonlySet<string> =>
  new Set(aggregates.flatMap((aggregate) => [...personalNamesOf(aggregate)]));

/** Highest rules version that the code at hand knows, by aggregate. */
export const rulesKnownBy = (aggregates: readonly Pick<AnyAggregate, 'decider'>[]): Readonly<Record<string, number>> =>
  Object.fromEntries(aggregates.map(({ decider }) => [decider.aggregate, decider.rules ?? 1]));

/** Everything that somebody may be told of. */
export const noticeTypesOf = (aggregates: readonly AnyAggregate[]): readonly string[] => [
  ...new Set([
    ...aggregates.flatMap(({ notices, daily }) => [...(notices?.types ?? []), ...(daily === undefined ? [] : [daily.type])]),
    ...ALARM_TYPES,
  ]),
];

/** Every read model of theirs, of either kind. */
export const modelsOf = (aggregates: readonly Pick<AnyAggregate, 'model' | 'keyedModels'>[]): readonly (ReadModel<unknown> | KeyedModel)[] =>
  aggregates.flatMap(({ model, keyedModels = [] }) => [model, ...keyedModels]);

/** Media types in which a question is answered, the one first that is given where `Accept` names none of them. */
export const formsOf = ({
  isNoJson,
  forms = {},
  sheets,
  paper,
}: Pick<AggregateQuery, 'isNoJson' | 'forms' | 'sheets' | 'paper'>): readonly string[] => [
  ...(isNoJson === true ? [] : ['application/json']),
  ...Object.keys(forms),
  ...(sheets === undefined ? [] : [XLSX]),
  ...(paper === undefined ? [] : [PDF]),
];

/** What whoever gives the commands of reactions knows of a kind of entity: what follows from its events, and whether one that it starts runs on calendar and policy. */
export type Reacting = ReactingAggregate & Pick<AnyAggregate, 'deadlines'>;

/** Every kind of entity: one that reacts to nothing may be reacted with. */
export const reactionsOf = (aggregates: readonly AnyAggregate[]): readonly Reacting[] =>
  aggregates.map(({ reactions = [], ...aggregate }) => ({ ...aggregate, reactions }));

export const sagasOf = (aggregates: readonly Pick<AnyAggregate, 'sagas'>[]): readonly AnySaga[] =>
  aggregates.flatMap(({ sagas = [] }) => sagas.map(({ saga }) => saga));

export const namesOf = (aggregates: readonly Pick<AnyAggregate, 'decider'>[]): readonly string[] =>
  aggregates.map(({ decider }) => decider.aggregate);

/** Which commands can have been accepted without a record, by their rows: those of our own processes, and those whose definition says so. */
export const maySayNothingOf = (aggregates: readonly Pick<AnyAggregate, 'decider' | 'commands'>[]): MaySayNothing => {
  const silent = new Set(
    aggregates.flatMap(({ decider, commands }) =>
      Object.entries(commands).flatMap(([type, { maySayNothing }]) => (maySayNothing === true ? [`${decider.aggregate}.${type}`] : [])),
    ),
  );
  return ({ _id, aggregate, type }) => isOurCommandId(_id) || silent.has(`${aggregate}.${type}`);
};
