import { CompressionTypes, type IHeaders, type Message } from 'kafkajs';
import fc from 'fast-check';

/** A message that nobody should have sent, and how its producer packed it. */
export interface Mutated {
  readonly message: Message;
  readonly compression: CompressionTypes;
}

export interface Material {
  /** A good message of the topic, as text. */
  readonly good: string;
  /** What a header of a sender who may send holds. */
  readonly authorization: string;
}

const NASTY: readonly string[] = [
  ...['null', 'true', '-0', '1e400', '-1e400', '9007199254740993', '""', '[]', '{}', '"\\ud800"', '"\\u0000"', '{"__proto__":{"x":1}}'],
  ...['{"toString":1,"valueOf":2}', '{"$gt":""}', '{"constructor":{"prototype":{}}}', '[null]', '"../.."', '"=HYPERLINK(1)"', '{"length":-1}'],
  ...['['.repeat(5_000), `${'['.repeat(500)}${']'.repeat(500)}`, `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, `"${'x'.repeat(300_000)}"`],
];

const TIMES = ['0', '-1', '1', '-9000000000000000', '9000000000000000', '9223372036854775807', '253402300800000', '8640000000000001'];

const value = ({ good }: Material): fc.Arbitrary<Buffer | string | null> => {
  const bytes = Buffer.from(good, 'utf8');
  const inJson = fc.tuple(fc.nat(), fc.constantFrom(...NASTY)).map(([at, nasty]) => withValueAt(good, at, nasty));
  const flipped = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }).map((flips) => {
    const copy = Buffer.from(bytes);
    for (const [at, byte] of flips) copy[at % copy.length] = byte;
    return copy;
  });
  return fc.oneof(
    { weight: 5, arbitrary: inJson },
    { weight: 4, arbitrary: flipped },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 300 }).map((noise) => Buffer.from(noise)) },
    { weight: 2, arbitrary: fc.nat(bytes.length).map((end) => bytes.subarray(0, end)) },
    { weight: 2, arbitrary: fc.json({ maxDepth: 4 }) },
    { weight: 1, arbitrary: fc.constantFrom(...NASTY, '', null, good.replace('{', '{"id":"doubled",'), `\ufeff${good}`, `[${good}]`) },
    { weight: 1, arbitrary: fc.integer({ min: 10_000, max: 400_000 }).map((length) => 'x'.repeat(length)) },
  );
};

/** The text with the nth value behind a colon replaced. */
const withValueAt = (json: string, nth: number, nasty: string): string => {
  const values = [...json.matchAll(/:("(?:[^"\\]|\\.)*"|-?\d+|true|false|null)/g)];
  const found = values[nth % Math.max(1, values.length)];
  return found === undefined ? nasty : `${json.slice(0, found.index + 1)}${nasty}${json.slice(found.index + found[0].length)}`;
};

const header: fc.Arbitrary<IHeaders[string]> = fc.oneof(
  fc.string({ maxLength: 50 }),
  fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 5 }),
  fc.constantFrom('', 'Bearer', 'Bearer x.y.z', `Bearer ${'a'.repeat(20_000)}`, 'application/cloudevents-batch+json', '1.0', 'application/json'),
);

const NAMES = ['authorization', 'content-type', 'ce_id', 'ce_type', 'ce_specversion', 'ce_source', 'ce_subject', '__proto__', '', 'AUTHORIZATION'];

const headers = ({ authorization }: Material): fc.Arbitrary<IHeaders> => {
  const some = fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 20 })), header, { maxKeys: 8 });
  const many = fc.integer({ min: 50, max: 400 }).map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`h${i}`, 'x'])));
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 6, arbitrary: fc.constant({ authorization }) },
    { weight: 3, arbitrary: some },
    { weight: 2, arbitrary: some.map((more) => ({ ...more, authorization })) },
    { weight: 1, arbitrary: many },
  );
};

const key: fc.Arbitrary<Buffer | string | null> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 3, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 100_000 }).map((length) => 'k'.repeat(length)) },
);

const COMPRESSIONS = [CompressionTypes.None, CompressionTypes.GZIP, CompressionTypes.Snappy, CompressionTypes.LZ4, CompressionTypes.ZSTD];

/** The same messages for the same seed. */
export const mutatedMessages = (material: Material, count: number, seed: number): readonly Mutated[] => {
  const message = fc.record({ key, value: value(material), headers: headers(material), timestamp: fc.constantFrom(undefined, ...TIMES) });
  const mutated = fc.record({ message, compression: fc.constantFrom(...COMPRESSIONS) });
  return fc.sample(mutated, { numRuns: count, seed }).map(({ message: { timestamp, ...rest }, compression }) => ({
    message: { ...rest, ...(timestamp === undefined ? {} : { timestamp }) },
    compression,
  }));
};
