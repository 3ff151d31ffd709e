import { parseJson, type IncomingMessage } from '@qiyue/platform';
import { sealedBy } from '@qiyue/privacy';
import { isEntityId } from '@qiyue/engine';
import { personalNamesOf, type AnyAggregate } from '@qiyue/aggregate';
import { commandTypeIn } from './read-command';

export const REMOVED = '[removed]';

/** Of parts of fields that are no personal ones. */
const PARTS: readonly string[] = ['name', 'quantity', 'unit', 'kind'];
const ID = /^[\x21-\x7e]{1,200}$/;
/** In the beginning of what cannot be read as a whole. */
const ID_IN_TEXT = /^[\s\S]{0,500}?"id"\s*:\s*"([\x21\x23-\x5b\x5d-\x7e]{1,200})/;

type Json = Readonly<Record<string, unknown>>;
type Aggregates = readonly AnyAggregate[];

/** A command of ours. */
interface Known {
  readonly type: string;
  readonly aggregate: AnyAggregate;
}

/**
 * What a dead letter keeps of a command: its id, type and entity, the names of the fields that it had, and what is sealed. It stays for ever, so
 * whatever else was sent is not kept, wherever it stands: what fits nothing may be a name or a number that came into the wrong field. The topic has
 * the original for a week, and the letter its place and hash. Never throws.
 */
export const letterTextOf = ({ value, headers }: Pick<IncomingMessage, 'value' | 'headers'>, aggregates: Aggregates): string => {
  const text = value ?? '';
  const binaryType = headers['ce_type'];
  const json = parseJson(text);
  if (binaryType !== undefined) return JSON.stringify({ data: json.ok ? dataOf(json.value, knownIn(binaryType, aggregates)) : REMOVED });
  if (json.ok && isObject(json.value)) return JSON.stringify(eventOf(json.value, aggregates));
  const id = ID_IN_TEXT.exec(text)?.[1];
  return JSON.stringify({ ...(id === undefined ? {} : { id }), data: REMOVED });
};

const eventOf = ({ specversion, id, type: typeName, subject, data }: Json, aggregates: Aggregates): object => {
  const known = knownIn(typeName, aggregates);
  return {
    ...(specversion === '1.0' ? { specversion } : {}),
    ...(typeof id === 'string' && ID.test(id) ? { id } : {}),
    ...(known === null ? {} : { type: typeName }),
    ...(typeof subject === 'string' && isEntityId(subject) ? { subject } : {}),
    data: dataOf(data, known),
  };
};

const knownIn = (name: unknown, aggregates: Aggregates): Known | null => {
  if (typeof name !== 'string') return null;
  for (const aggregate of aggregates) {
    const type = commandTypeIn(name, aggregate);
    if (type !== null) return { type, aggregate };
  }
  return null;
};

const dataOf = (data: unknown, known: Known | null): unknown => {
  if (known === null || !isObject(data)) return REMOVED;
  const { type, aggregate } = known;
  return sealedIn(data, new Set([...Object.keys(aggregate.commands[type]?.schema.shape ?? {}), ...personalNamesOf(aggregate), ...PARTS]));
};

/** Names that a command of ours has, with what is sealed under them. */
const sealedIn = (value: unknown, names: ReadonlySet<string>): unknown => {
  if (typeof value === 'string') return sealedBy(value) === null ? REMOVED : value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => sealedIn(item, names));
    return items.every((item) => item === REMOVED) ? REMOVED : items;
  }
  if (!isObject(value)) return REMOVED;
  return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => (names.has(name) ? [[name, sealedIn(inner, names)]] : [])));
};

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
