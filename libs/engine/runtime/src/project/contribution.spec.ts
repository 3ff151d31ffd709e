import { deepStrictEqual as equal } from 'node:assert';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import type { RecordBody } from '@qiyue/engine';
import type { LedgerDocument } from '../ledger/documents';
import { streamOf } from '../testing/streams';
import { changed, changesBetween, keyIdOf, NotCountable, partsIn, PARTS_MAX, type Contribution, type KeptPart } from './contribution';
import { contributionFolds } from './contribution-folds';
import { foldRecord, receivedFrom } from './fold-record';
import type { KeyDocument, KeyedSource, ModelPart } from './keyed-model';
import type { ModelDocument } from './model';

const MAX = Number.MAX_SAFE_INTEGER;
const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('not there');
  return value;
};
const part = (key: ModelPart['key'], sums: ModelPart['sums']): KeptPart => ({ id: keyIdOf(key), key, sums });

describe('what an entity gives', () => {
  it('is kept in an order that does not depend on how the fold names it, without zeros', () => {
    const one = partsIn([
      { key: { year: 2024, unit: 'water' }, sums: { open: 1, fen: 0, asked: 2 } },
      { key: { unit: 'roads', year: -0 }, sums: { asked: -3 } },
      { key: { month: '2024-07' }, sums: { asked: 0, open: -0 } },
    ]);
    const other = partsIn([
      { key: { year: 0, unit: 'roads' }, sums: { asked: -3 } },
      { key: { unit: 'water', year: 2024 }, sums: { asked: 2, open: 1 } },
    ]);
    expect(BSON.serialize({ one })).toEqual(BSON.serialize({ one: other }));
    expect(one.map(({ id }) => id)).toEqual(['{"unit":"roads","year":0}', '{"unit":"water","year":2024}']);
  });

  it.each<[string, readonly ModelPart[]]>([
    ['the same key twice', [part({ a: 1, b: 2 }, { n: 1 }), part({ b: 2, a: 1 }, { n: 1 })]],
    ['the same key twice, once with nothing', [part({ a: 1 }, { n: 1 }), part({ a: 1 }, { n: 0 })]],
    ['a part of a whole', [part({ a: 1 }, { n: 0.5 })]],
    ['a sum that is no number', [part({ a: 1 }, { n: '1' as unknown as number })]],
    ['a sum that is not safe', [part({ a: 1 }, { n: MAX + 1 })]],
    ['a field that is not whole', [part({ a: 0.5 }, { n: 1 })]],
    ['a field that is nothing', [{ key: { a: null as unknown as string }, sums: { n: 1 } }]],
    ['half a character, which no database keeps', [part({ a: 'x\ud800' }, { n: 1 })]],
    ['a name that a database takes for an operator', [part({ $a: 1 }, { n: 1 })]],
    ['a name that a database takes for a path', [part({ a: 1 }, { 'n.m': 1 })]],
    ['a key that is too long', [part({ a: 'x'.repeat(1_001) }, { n: 1 })]],
    ['too many keys', Array.from({ length: PARTS_MAX + 1 }, (_, a) => part({ a }, { n: 1 }))],
  ])('is refused: %s', (_, given) => {
    expect(() => partsIn(given)).toThrow();
  });
});

describe('the sums of a key', () => {
  const change = (before: readonly KeptPart[], after: readonly KeptPart[]) => must(changesBetween(before, after)[0]);
  const key = { unit: 'water' };

  it('lose their zeros, and their document with the last of them', () => {
    const both = changed(null, change([], [part(key, { open: 1, fen: 5 })]));
    expect(both).toEqual({ _id: '{"unit":"water"}', key, sums: { fen: 5, open: 1 } });
    const one = changed(both, change([part(key, { open: 1, fen: 5 })], [part(key, { fen: 5 })]));
    expect(one).toEqual({ _id: '{"unit":"water"}', key, sums: { fen: 5 } });
    expect(changed(one, change([part(key, { fen: 5 })], []))).toBeNull();
  });

  it('do not change with what is given again', () => {
    expect(changesBetween([part(key, { open: 1 })], [part(key, { open: 1 })])).toEqual([]);
  });

  it('stay exact up to the largest safe integer, and are not counted beyond it', () => {
    const full = changed(null, change([], [part(key, { fen: MAX })]));
    expect(() => changed(full, change([], [part(key, { fen: 1 })]))).toThrow(NotCountable);
    expect(changed(full, change([part(key, { fen: MAX })], [part(key, { fen: -MAX })]))).toMatchObject({ sums: { fen: -MAX } });
    expect(changed(full, change([part(key, { fen: 1 })], [part(key, { fen: 1, open: 1 })]))).toMatchObject({ sums: { fen: MAX, open: 1 } });
  });

  it('are not counted on top of what somebody has damaged', () => {
    for (const fen of [0.5, '1', null]) {
      const damaged = { _id: keyIdOf(key), key, sums: { fen } } as unknown as KeyDocument;
      expect(() => changed(damaged, change([], [part(key, { fen: 1 })]))).toThrow(NotCountable);
      expect(() => changesBetween([{ ...damaged, id: damaged._id }], [])).toThrow(NotCountable);
    }
  });
});

describe('a keyed model', () => {
  interface Owed {
    readonly units: readonly number[];
    readonly fen: number;
  }
  /** What a record says are a few numbers: which unit has it now, or a second one beside, or none; and what is owed. */
  const source: KeyedSource<Owed> = {
    aggregate: 'need',
    fold: (state, { data }: RecordBody) => {
      const [first = 0, second = 0, fen = 0] = (data as { readonly note: string }).note.split(' ').map(Number);
      return { units: [...new Set([first, second])].filter((unit) => unit > 0), fen: (state?.fen ?? 0) + fen };
    },
    partsOf: ({ units, fen }) => [{ key: {}, sums: { all: 1 } }, ...units.map((unit) => ({ key: { unit }, sums: { open: 1, fen } }))],
  };
  const fold = contributionFolds({ name: 'owed', version: 1, indexes: [], sources: [source] }).byAggregate.get('need');

  /** What the projector does with a batch, on two maps instead of two collections. */
  class Board {
    private readonly entities = new Map<string, ModelDocument<Contribution<unknown>>>();
    private readonly keys = new Map<string, KeyDocument>();

    apply(batch: readonly LedgerDocument[]): void {
      for (const entity of new Set(batch.map((record) => record.entity))) {
        const old = this.entities.get(entity) ?? null;
        let document = old;
        for (const record of batch.filter((each) => each.entity === entity)) {
          if (record.seq <= (document?.seq ?? 0)) continue;
          const { body, hash } = receivedFrom(record);
          document = foldRecord(must(fold), document, body, hash);
        }
        if (document === null) continue;
        for (const change of changesBetween(old?.view.parts ?? [], document.view.parts)) {
          const next = changed(this.keys.get(change.id) ?? null, change);
          if (next === null) this.keys.delete(change.id);
          else this.keys.set(change.id, next);
        }
        this.entities.set(entity, document);
      }
    }

    get documents(): string {
      const sorted = (documents: Iterable<{ readonly _id: string }>) => [...documents].sort((a, b) => (a._id < b._id ? -1 : 1));
      return JSON.stringify([sorted(this.entities.values()), sorted(this.keys.values())]);
    }
  }

  const note = fc.tuple(fc.nat(3), fc.nat(3), fc.integer({ min: -5, max: 5 })).map((numbers) => numbers.join(' '));
  const lives = fc.array(fc.array(note, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
  const turns = fc.array(fc.record({ entity: fc.nat(3), back: fc.nat(4), ends: fc.boolean() }), { maxLength: 40 });

  it('comes to the same documents by any interleaving over entities, any repetition and any split into batches', () => {
    let moved = 0;
    fc.assert(
      fc.property(lives, turns, (notes, order) => {
        const streams = notes.map((said, i) => streamOf(`e${i}`, said.length, '', (seq) => said[seq - 1] ?? ''));
        const straight = new Board();
        for (const stream of streams) straight.apply(stream);
        const board = new Board();
        const given = streams.map(() => 0);
        let batch: LedgerDocument[] = [];
        for (const { entity, back, ends } of order) {
          const i = entity % streams.length;
          const next = Math.max(0, (given[i] ?? 0) - back); // the next record of that entity, or one that came before and those behind it
          batch.push(...(streams[i]?.slice(next, (given[i] ?? 0) + 1) ?? []));
          given[i] = (given[i] ?? 0) + 1;
          if (!ends) continue;
          board.apply(batch);
          batch = [];
        }
        moved += order.length;
        board.apply([...batch, ...[...streams].reverse().flat()]);
        equal(board.documents, straight.documents);
      }),
      { numRuns: 500, seed: 20_240_701 },
    );
    expect(moved).toBeGreaterThan(1_000);
  });

  it('sums at every moment what its entities give at that moment', () => {
    fc.assert(
      fc.property(lives, (notes) => {
        const streams = notes.map((said, i) => streamOf(`e${i}`, said.length, '', (seq) => said[seq - 1] ?? ''));
        const board = new Board();
        for (let seq = 1; seq <= 5; seq += 1) {
          board.apply(streams.flatMap((stream) => stream.slice(seq - 1, seq)));
          const anew = new Board();
          for (const stream of [...streams].reverse()) anew.apply(stream.slice(0, seq));
          equal(board.documents, anew.documents);
        }
      }),
      { numRuns: 200, seed: 20_240_701 },
    );
  });
});
