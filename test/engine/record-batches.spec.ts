import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRecordBatches, type Budget, type FetchedRecord } from '@qiyue/platform';
import { batchOf, lz4Of, snappyOf, zstdOf, type TestRecord } from '@qiyue/testkit';

const MB = 1024 * 1024;
const budget = (bytesLeft = 48 * MB): Budget => ({ bytesLeft });
const read = (bytes: Buffer, from = 0n): Promise<FetchedRecord[]> => readRecordBatches(bytes, from, budget());
const values = (records: readonly FetchedRecord[]): unknown[] =>
  records.map(({ offset, value, unreadable }) => [offset, unreadable ?? value?.toString()]);

const two: readonly TestRecord[] = [
  { key: 'a', value: 'one', headers: [['h', 'x'] as const] },
  { key: null, value: 'two' },
];
const javaSnappy = (bytes: Buffer): Buffer => {
  const block = snappyOf(bytes);
  const header = Buffer.concat([Buffer.from([0x82]), Buffer.from('SNAPPY\0'), Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(block.length);
  return Buffer.concat([header, length, block]);
};

describe('record batches', () => {
  it.each([
    ['as they are', 0, (bytes: Buffer) => bytes],
    ['gzip', 1, (bytes: Buffer) => gzipSync(bytes)],
    ['snappy', 2, snappyOf],
    ['snappy as Java frames it', 2, javaSnappy],
    ['lz4', 3, lz4Of],
    ['zstd', 4, zstdOf],
  ])('are read: %s', async (_name, codec, pack) => {
    const records = await read(batchOf(5n, two, { codec, pack }));
    expect(values(records)).toEqual([
      ['5', 'one'],
      ['6', 'two'],
    ]);
    expect(records[0]).toMatchObject({ key: Buffer.from('a'), headers: { h: Buffer.from('x') } });
  });

  it.each([
    ['the broker’s', 0x8, 1, '2000'],
    ['the sender’s', 0, 0, '1000'],
  ] as const)('say whose time they hold: %s', async (_name, attributes, timestampType, timestamp) => {
    const [first] = await read(batchOf(5n, two, { attributes, firstTimestamp: 1_000n, maxTimestamp: 2_000n }));
    expect(first).toMatchObject({ timestamp, batchContext: { timestampType } });
  });

  it.each([1, 2, 3, 4, 5, 7])('of codec %i that are nothing of the kind are one record that says so, and what follows is read', async (codec) => {
    const bad = batchOf(5n, two, { codec, pack: () => Buffer.from('no such thing, whatever it is') });
    const records = await read(Buffer.concat([batchOf(3n, two), bad, batchOf(7n, two)]));
    expect(records.map(({ offset, unreadable }) => [offset, unreadable !== undefined])).toEqual([
      ['3', false],
      ['4', false],
      ['6', true],
      ['7', false],
      ['8', false],
    ]);
    expect(records[2]?.batchContext.firstOffset).toBe('5');
  });

  it.each([
    ['gzip', 1, () => gzipSync(Buffer.alloc(100 * MB, 'x'))],
    ['lz4', 3, () => lz4Of(Buffer.alloc(100 * MB, 'x'))],
    ['zstd', 4, () => zstdOf(Buffer.alloc(100 * MB, 'x'))],
    ['snappy that says it holds 4 GB', 2, () => Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0])],
    ['zstd that wants a window of 2 GB', 4, () => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0])],
  ])('that would be 100 MB and more are one record that says so, in bounded memory: %s', async (_name, codec, pack) => {
    const packed = pack();
    const bytes = batchOf(0n, two, { codec, pack: () => packed });
    const before = process.memoryUsage.rss();
    const records = await read(bytes);
    expect(records.map(({ unreadable }) => unreadable !== undefined)).toEqual([true]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(80 * MB);
  });

  it('of 150,000 records, and of a record with 20,000 headers, are read in a moment', async () => {
    const many = batchOf(
      0n,
      Array.from({ length: 150_000 }, () => ({ key: null, value: null })),
    );
    const headers = Array.from({ length: 20_000 }, (_, i) => [`h${i}`, null] as const);
    const before = process.cpuUsage();
    const records = await read(many);
    expect([records.length, records[0]?.offset]).toEqual([10_000, '0']);
    expect((await read(many, 149_999n)).map(({ offset }) => offset)).toEqual(['149999']);
    expect(
      values(
        await read(
          batchOf(0n, [
            { key: null, value: 'x', headers },
            { key: null, value: 'y' },
          ]),
        ),
      ),
    ).toEqual([
      ['0', 'too many headers'],
      ['1', 'y'],
    ]);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000); // of a core: a busy machine may take its time
  });

  it('keep the first of several headers of a name, a header that is null, and one called __proto__', async () => {
    const headers = [
      ['authorization', 'mine'],
      ['authorization', 'other'],
      ['none', null],
      ['__proto__', 'x'],
    ] as const;
    const [record] = await read(batchOf(0n, [{ key: null, value: '', headers }]));
    expect(Object.entries(record?.headers ?? {}).map(([name, value]) => [name, value?.toString() ?? null])).toEqual([
      ['authorization', 'mine'],
      ['none', null],
      ['__proto__', 'x'],
    ]);
  });

  it('take the broker’s time when the topic says so', async () => {
    const times = { firstTimestamp: -9_000_000_000_000_000n, maxTimestamp: 1_700_000_000_000n };
    expect((await read(batchOf(0n, two, times)))[0]?.timestamp).toBe('-9000000000000000');
    expect((await read(batchOf(0n, two, { ...times, attributes: 0x8 })))[0]?.timestamp).toBe('1700000000000');
  });

  it('that hold nothing any more still move a reader on', async () => {
    expect(await read(batchOf(4n, [], { lastOffsetDelta: 3 }))).toMatchObject([{ offset: '7', isControlRecord: true }]);
  });

  it('that the answer cut off wait for the next fetch', async () => {
    const whole = batchOf(0n, two);
    expect(await read(Buffer.concat([whole, whole.subarray(0, 40)]))).toHaveLength(2);
    expect(await read(whole.subarray(0, whole.length - 1))).toEqual([]);
  });

  it('end in a bound, whatever their bytes are, and never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(), fc.nat(255), async (noise, at, byte) => {
        const bytes = Buffer.concat([batchOf(0n, two), Buffer.from(noise)]);
        bytes[at % bytes.length] = byte;
        expect((await read(bytes)).length).toBeLessThanOrEqual(10_000);
        await read(Buffer.from(noise));
      }),
      { numRuns: 2_000 },
    );
  });
});
