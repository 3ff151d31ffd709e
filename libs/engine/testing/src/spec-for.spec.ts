import { describe, expect, it } from '@jest/globals';
import { accept, refuse, type Decider } from '@qiyue/engine';
import { specFor } from './spec-for';

type C = { type: 'add'; data: { n: number } };
type E = { type: 'Added'; data: { n: number; by: string } };
const counter: Decider<number, C, E, 'negative' | 'too-big'> = {
  aggregate: 'counter',
  startsWith: 'add',
  initial: 0,
  decide: ({ data: { n } }, sum, { actor }) => {
    if (n < 0) return refuse('negative', { sum });
    return n === 0 ? accept() : accept({ type: 'Added', data: { n, by: actor.id } });
  },
  evolve: (sum, { data: { n } }) => sum + n,
  due: () => null,
  isFinal: () => false,
  summary: () => ({}),
};
const given = specFor(counter, { actor: { id: 'ann', role: 'r', unit: null } });
const added: E = { type: 'Added', data: { n: 2, by: 'ann' } };
const add = (n: number): C => ({ type: 'add', data: { n } });

describe('given, when, then', () => {
  it('passes when the decision is the one named', () => {
    given().when(add(2)).then(added);
    given(added).when(add(-1)).thenRefused('negative');
    given(added).when(add(-1)).thenRefused('negative', { sum: 2 });
    given(added).when(add(0)).thenNothing();
    expect(given(added).when(add(2)).thenAccepted()).toEqual([added]);
    expect(() => given(added).when(add(-1)).thenAccepted()).toThrow();
    given(added, added).thenState(4);
  });
  it('lets a single decision have another context', () => {
    given()
      .when(add(2), { actor: { id: 'bo', role: 'r', unit: null } })
      .then({ type: 'Added', data: { n: 2, by: 'bo' } });
  });
  it('fails on every other end', () => {
    const seen = given(added).when(add(-1));
    expect(() => seen.then(added)).toThrow();
    expect(() => seen.thenNothing()).toThrow();
    expect(() => seen.thenRefused('too-big')).toThrow();
    expect(() => seen.thenRefused('negative', { sum: 3 })).toThrow();
    expect(() => given().when(add(2)).thenRefused('negative')).toThrow();
    expect(() => given().when(add(2)).thenNothing()).toThrow();
    expect(() => given().when(add(2)).then(added, added)).toThrow();
    expect(() => given().when(add(0)).then(added)).toThrow();
    expect(() => given(added).thenState(3)).toThrow();
  });
});
