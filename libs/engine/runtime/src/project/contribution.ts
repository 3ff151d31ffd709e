import { canonicalJson } from '@qiyue/engine';
import type { ModelKey, KeyDocument, ModelPart, ModelSums } from './keyed-model';

/** A part as it is kept: in an order that does not depend on the fold, without sums of zero. */
export interface KeptPart extends ModelPart {
  /** `keyIdOf` its key. */
  readonly id: string;
}

/** One entity in a keyed model: what its records came to, and what it gives. */
export interface Contribution<S> {
  readonly state: S;
  readonly parts: readonly KeptPart[];
}

/** So many keys are read and written at once for one entity. */
export const PARTS_MAX = 1_000;
const KEY_LENGTH_MAX = 1_000;
const NAME = /^\p{L}[\p{L}\p{N}_-]{0,99}$/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Canonical text of a key, by which its document is found. */
export const keyIdOf = (key: ModelKey): string => canonicalJson(key);

/** What a fold says that its entity gives, as it is kept. Throws where that is no part. */
export const partsIn = (given: readonly ModelPart[]): readonly KeptPart[] => {
  if (given.length > PARTS_MAX) throw new RangeError(`more than ${PARTS_MAX} keys of one entity`);
  const parts = given.map(keptPart).sort((a, b) => (a.id < b.id ? -1 : 1));
  const twice = parts.find(({ id }, i) => id === parts[i + 1]?.id);
  if (twice !== undefined) throw new TypeError(`the key ${twice.id} twice`);
  return parts.filter(({ sums }) => Object.keys(sums).length > 0);
};

const keptPart = ({ key, sums }: ModelPart): KeptPart => {
  if (!Object.entries(key).every(([name, field]) => NAME.test(name) && isField(field))) throw new TypeError('no key');
  if (!Object.entries(sums).every(([name, sum]) => NAME.test(name) && Number.isSafeInteger(sum))) throw new TypeError('no sums');
  const id = keyIdOf(key);
  if (id.length > KEY_LENGTH_MAX) throw new RangeError('a key that is too long');
  return { id, key: JSON.parse(id) as ModelKey, sums: inOrder(Object.entries(sums)) };
};

const isField = (field: unknown): boolean => (typeof field === 'string' ? !LONE_SURROGATE.test(field) : Number.isSafeInteger(field));

const inOrder = (sums: readonly (readonly [string, number])[]): ModelSums =>
  Object.fromEntries(sums.filter(([, sum]) => sum !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What cannot be counted without a sum that is no safe integer any more; nothing of it is. */
export class NotCountable extends Error {
  override readonly name = 'NotCountable';
}

/** By how much the sums of one key change. */
export interface KeyChange {
  readonly id: string;
  readonly key: ModelKey;
  readonly by: ReadonlyMap<string, bigint>;
}

/** What changes when an entity gives `after` instead of `before`. Throws `NotCountable` where what is kept is damaged. */
export const changesBetween = (before: readonly KeptPart[], after: readonly KeptPart[]): readonly KeyChange[] => {
  const changes = new Map<string, { readonly id: string; readonly key: ModelKey; readonly by: Map<string, bigint> }>();
  const count = (parts: readonly KeptPart[], sign: bigint): void => {
    for (const { id, key, sums } of parts) {
      const change = changes.get(id) ?? { id, key, by: new Map<string, bigint>() };
      changes.set(id, change);
      for (const [name, sum] of Object.entries(sums)) change.by.set(name, (change.by.get(name) ?? 0n) + sign * whole(sum));
    }
  };
  count(before, -1n);
  count(after, 1n);
  return [...changes.values()].filter(({ by }) => [...by.values()].some((sum) => sum !== 0n));
};

/** The key's document behind a change; null when nothing is left of it. Throws `NotCountable`. */
export const changed = (document: KeyDocument | null, { id, key, by }: KeyChange): KeyDocument | null => {
  const sums = new Map<string, number>(Object.entries(document?.sums ?? {}));
  for (const [name, sum] of by) {
    const next = Number(whole(sums.has(name) ? sums.get(name) : 0) + sum);
    if (!Number.isSafeInteger(next)) throw new NotCountable(`${name} of ${id} would not be a safe integer any more`);
    sums.set(name, next);
  }
  const left = inOrder([...sums]);
  return Object.keys(left).length === 0 ? null : { _id: id, key, sums: left };
};

const whole = (sum: unknown): bigint => {
  if (!Number.isSafeInteger(sum)) throw new NotCountable('what is kept of a sum is no whole number: make the model anew');
  return BigInt(sum as number);
};
