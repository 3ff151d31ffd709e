import { clashesOf, type AnyAggregate } from '@qiyue/aggregate';

/** What the setting names cannot be had beside what there is. Its message has a line for each mistake, and nothing else is printed where it ends a process. */
export class AggregatesRefused extends Error {
  override readonly name = 'AggregatesRefused';

  constructor(mistakes: readonly string[]) {
    super(`settings refused:\n${mistakes.map((mistake) => `  QIYUE_MORE_AGGREGATES: ${mistake}`).join('\n')}`);
    this.stack = this.message;
  }
}

/** `own` and the kinds of entities whose modules the setting names, with commas. Throws `AggregatesRefused`. */
export const withMore = (own: readonly AnyAggregate[], setting: string | undefined): readonly AnyAggregate[] => {
  const read = namesIn(setting).map(readModule);
  const unread = read.flatMap((found) => (typeof found === 'string' ? [found] : []));
  if (unread.length > 0) throw new AggregatesRefused(unread);
  const all = [...own, ...read.filter((found) => typeof found !== 'string')];
  const clashes = clashesOf(all);
  if (clashes.length > 0) throw new AggregatesRefused(clashes);
  return all;
};

const namesIn = (setting = ''): readonly string[] => setting.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));

/** Its aggregate, or why there is none. */
const readModule = (name: string): AnyAggregate | string => {
  try {
    const { aggregate } = require(name) as { readonly aggregate?: unknown };
    if (!isAggregate(aggregate)) return `${name} exports no aggregate`;
    const { path, name: exported } = aggregate.deciderModule;
    const { [exported]: decider } = require(path) as Readonly<Record<string, AnyAggregate['decider'] | undefined>>;
    return decider?.aggregate === aggregate.decider.aggregate ? aggregate : `${name}: ${path} exports no decider called ${exported}`;
  } catch (error) {
    return `${name} cannot be loaded: ${String(error).split('\n')[0]}`;
  }
};

const PARTS = ['decider', 'deciderModule', 'path', 'idName', 'noun', 'commands', 'events', 'refusals', 'access', 'model', 'listing', 'privacy'];

const isAggregate = (value: unknown): value is AnyAggregate => typeof value === 'object' && value !== null && PARTS.every((part) => part in value);
