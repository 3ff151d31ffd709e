import { describe, expect, it } from '@jest/globals';
import { sightBy } from '@qiyue/civic-views';
import { foldContractView, READING_RULES, relationOf, toListItem, type ContractView } from './index';
import { cora, proposedLife, signedLife, water, type Life } from './testing/contract.life';

const viewOf = ({ records }: Life): ContractView => {
  const view = records.reduce<ContractView | null>(foldContractView, null);
  if (view === null) throw new Error('nothing was folded');
  return view;
};

describe('the document of a contract', () => {
  it('says what was agreed on, and who signed when', () => {
    expect(viewOf(signedLife())).toMatchObject({
      ...{ unit: 'Water', community: 'Lakeside', year: 2024, stage: 'in-force', status: 'running', proposedBy: 'unit' },
      items: [
        { itemId: 'i1', title: 'Street lights', quantity: 20, unit: 'piece', dueOn: '2024-09-30', finishedAt: null },
        { itemId: 'i2', title: 'Lectures', quantity: null, unit: null, dueOn: null, finishedAt: null },
      ],
      signatures: [
        { side: 'unit', by: 'wes', at: '2024-01-08T09:01:00.000+08:00' },
        { side: 'community', by: 'cora', at: '2024-01-08T09:02:00.000+08:00' },
      ],
      ...{ inForceAt: '2024-01-08T09:02:00.000+08:00', endedAt: null, outcome: null, dueAt: '2025-01-01T00:00:00.000+08:00' },
    });
  });
  it('has no signatures under terms that nobody has signed', () => {
    const life = proposedLife();
    life.does(water, { type: 'sign', data: {} });
    life.does(cora, { type: 'amend', data: { duties: { community: [], unit: [] }, reason: 'r' } });
    expect(viewOf(life).amendment).toMatchObject({ side: 'community', reason: 'r', duties: { community: [], unit: [] }, endsOn: '2024-12-31' });
    life.does(water, { type: 'agree-amendment', data: {} });
    expect(viewOf(life)).toMatchObject({ signatures: [], amendment: null, status: 'awaiting-signatures', duties: { community: [], unit: [] } });
  });
  it('keeps how each stage was kept', () => {
    const life = proposedLife();
    life.waits(3); // the reminder, the deadline, and the first rung
    for (const actor of [water, cora]) life.does(actor, { type: 'sign', data: {} });
    life.does(water, { type: 'terminate', data: { reason: 'r' } });
    life.waits();
    const { stages, outcome, endedAt, dueAt, clock } = viewOf(life);
    expect(stages).toMatchObject([
      { stage: 'proposed', late: true },
      { stage: 'in-force', late: null },
    ]);
    expect([outcome, endedAt, dueAt, clock]).toEqual(['terminated', stages[1]?.endedAt, null, null]);
  });
  it('stands in lists without its words', () => {
    const life = signedLife();
    life.does(water, { type: 'finish-item', data: { itemId: 'i1' } });
    const listed = () => toListItem(viewOf(life), '2024-12-30T09:00:00.000+08:00');
    expect(listed()).toMatchObject({ counts: { items: 2, finished: 1 }, light: 'red', dueAt: '2024-01-22T18:00:00.000+08:00' });
    life.does(water, { type: 'evaluate', data: { side: 'unit', score: 4, itemId: 'i1' } });
    expect(viewOf(life).itemClocks).toHaveLength(1);
    life.does(cora, { type: 'evaluate', data: { side: 'community', score: 4, itemId: 'i1' } });
    expect(viewOf(life).itemClocks).toEqual([]);
    expect(listed()).toMatchObject({ light: 'yellow', dueAt: '2025-01-01T00:00:00.000+08:00' });
  });
  it('is not folded from another’s records, nor with a gap', () => {
    const [first, second, third] = signedLife().records;
    if (first === undefined || second === undefined || third === undefined) throw new Error('too short a life');
    expect(() => foldContractView(null, second)).toThrow('expected seq 1');
    expect(() => foldContractView(foldContractView(null, first), third)).toThrow('expected seq 2');
    expect(() => foldContractView(null, { ...first, aggregate: 'need' })).toThrow('a record of need');
  });
});

describe('a reader', () => {
  const view = { unit: 'Water', community: 'Lakeside' };
  const sightOf = (role: string, unit: string | null = null) => sightBy(READING_RULES, role, relationOf({ id: 'x', role, unit }, view));
  it.each(['resident', 'property', 'grid', 'operator', 'service', 'none', '__proto__'])('sees what was agreed on, as a %s', (role) => {
    expect([sightOf(role), sightOf(role, 'Water')]).toEqual(['public', 'public']);
  });
  it.each(['community', 'department', 'centre', 'authority', 'supervisor'])('sees reasons, comments and who signed too, as a %s', (role) => {
    expect(sightOf(role)).toBe('official');
  });
  it('stands near as one of the two sides', () => {
    const relations = [water, cora, { ...water, unit: 'Lakeside' }, { ...cora, unit: 'Water' }].map((actor) => relationOf(actor, view));
    expect(relations).toEqual(['party', 'party', 'other', 'other']);
  });
});
