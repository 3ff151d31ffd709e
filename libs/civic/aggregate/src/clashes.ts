import type { AnyAggregate } from './aggregate';
import { modelsOf } from './derived';

type Named = Pick<AnyAggregate, 'decider' | 'path' | 'idName' | 'model' | 'keyedModels' | 'queries' | 'questions' | 'commands' | 'searchAttributes'>;

/** Names of ours on topics and on the command line that no kind of entity can have. */
const TAKEN: ReadonlySet<string> = new Set(['audit']);

/** What every kind of entity is asked by id, and on the command line. */
const ASKED_OF_EVERY_KIND: readonly string[] = ['show', 'history', 'at', 'changes', 'files', 'file', 'attach', 'notices', 'ladder', 'help'];

const WHAT: Readonly<Record<string, (aggregate: Named) => readonly string[]>> = {
  'the name': ({ decider }) => [decider.aggregate],
  'the path': ({ path, queries = [] }) => [path, ...queries.map((query) => query.path)],
  'the verb': ({ queries = [] }) => queries.flatMap(({ verb }) => (verb === undefined ? [] : [verb])),
  'the name of ids': ({ idName }) => [idName],
  'the read model': (aggregate) => modelsOf([aggregate]).map(({ name }) => name),
};

/** What two kinds of entities are called alike, or one like something of ours: a sentence for each. Letters large or small are the same. */
export const clashesOf = (aggregates: readonly Named[]): readonly string[] => [
  ...Object.entries(WHAT).flatMap(([what, namesIn]) => clashesIn(what, aggregates, namesIn)),
  ...aggregates.flatMap(({ decider: { aggregate } }) => (TAKEN.has(aggregate) ? [`the name ${aggregate} is taken`] : [])),
  ...aggregates.flatMap(questionClashes),
  ...attributeClashes(aggregates),
];

/** A question is a verb on the command line, as a command is. */
const questionClashes = ({ decider: { aggregate }, questions = [], commands }: Named): readonly string[] => {
  const taken = new Set([...ASKED_OF_EVERY_KIND, aggregate, ...Object.keys(commands)]);
  return questions.flatMap(({ name }) => {
    const isTaken = taken.has(name);
    taken.add(name);
    return isTaken ? [`${aggregate} has the question ${name}, which is taken`] : [];
  });
};

const clashesIn = (what: string, aggregates: readonly Named[], namesIn: (aggregate: Named) => readonly string[]): readonly string[] => {
  const owners = new Map<string, string>();
  return aggregates.flatMap((aggregate) =>
    namesIn(aggregate).flatMap((name) => {
      const owner = owners.get(name.toLowerCase());
      owners.set(name.toLowerCase(), owner ?? aggregate.decider.aggregate);
      return owner === undefined ? [] : [`${aggregate.decider.aggregate} has ${what} ${name} of ${owner}`];
    }),
  );
};

/** Two may share an attribute: Temporal has one type for it. */
const attributeClashes = (aggregates: readonly Named[]): readonly string[] => {
  const types = new Map<string, string>();
  return aggregates.flatMap(({ decider, searchAttributes = {} }) =>
    Object.entries(searchAttributes).flatMap(([name, type]) => {
      const other = types.get(name) ?? type;
      types.set(name, other);
      return other === type ? [] : [`${decider.aggregate} has the search attribute ${name} as ${type}, which is ${other} already`];
    }),
  );
};
