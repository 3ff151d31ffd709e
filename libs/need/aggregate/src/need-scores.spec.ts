import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import type { Actor } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import type { KeyedSource, ModelPart } from '@qiyue/engine-runtime';
import { NEED_RULES, needDecider, type NeedCommand } from '@qiyue/need-domain';
import type { NeedTally } from '@qiyue/need-views';
import { communityNeedScores, needScores } from './need-scores';

const ann: Actor = { id: 'ann', role: 'resident', unit: '民悦社区' };
const cora: Actor = { id: 'cora', role: 'community', unit: '民悦社区' };
const wes: Actor = { id: 'wes', role: 'department', unit: '住建局' };
const tables = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
const asked: readonly (readonly [Actor, NeedCommand])[] = [
  [ann, { type: 'submit', data: { title: 't', kind: 'tangible', items: [{ name: 'n', quantity: 1, unit: 'u' }], community: '民悦社区' } }],
  [wes, { type: 'claim', data: { unit: '住建局', plan: 'p' } }],
  [wes, { type: 'fund', data: { amountFen: 7, source: 'donation', reference: 'r' } }],
  [wes, { type: 'complete', data: { evidence: [{ kind: 'k', text: 't' }] } }],
  [cora, { type: 'accept', data: {} }],
  [ann, { type: 'evaluate', data: { side: 'resident', score: 5, satisfied: true } }],
  [cora, { type: 'evaluate', data: { side: 'community', score: 5, satisfied: true } }],
];

const lifeOf = (steps: readonly (readonly [Actor, NeedCommand])[]) => {
  const life = new EntityLife(needDecider, { entity: '0'.repeat(26), bornAt: '2024-12-31T17:00:00.000+08:00', tables });
  life.under(NEED_RULES);
  for (const [actor, command] of steps) expect([command.type, life.does(actor, command)]).toEqual([command.type, null]);
  return life.records;
};
/** What a need gives to one of the scoreboards. */
const partsOf = ({ fold, partsOf: of }: KeyedSource<NeedTally>, steps: readonly (readonly [Actor, NeedCommand])[]): readonly ModelPart[] => {
  const tally = lifeOf(steps).reduce<NeedTally | null>((before, body) => fold(before, body, ''), null);
  return tally === null ? [] : of(tally);
};
const withKind = (counts: Readonly<Record<string, number>>) => ({
  ...counts,
  ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [`needs-tangible-${name}`, count])),
});
const whistle = (...units: string[]) => [cora, { type: 'whistle', data: { units } }] as const;
const reports = (unit: string) =>
  [
    { ...wes, unit },
    { type: 'report-in', data: { answer: 'not-ours', reason: 'r' } },
  ] as const;

describe('what a need gives to the scoreboard of units', () => {
  it('counts for its lead once there is one, in the year in which they claimed it', () => {
    const key = { unit: '住建局', year: 2024 };
    const none = { claimed: 1, done: 0, inTime: 0, satisfied: 0 };
    expect([1, 2, 4, 5, 7].map((steps) => partsOf(needScores, asked.slice(0, steps)))).toEqual([
      [],
      [{ key, sums: withKind(none) }],
      [{ key, sums: withKind(none) }],
      [{ key, sums: withKind({ ...none, done: 1, inTime: 1 }) }],
      [{ key, sums: withKind({ ...none, done: 1, inTime: 1, satisfied: 1 }) }],
    ]);
  });

  it('counts each whistle for the units that it names, and whether they answered: by a word, or by claiming', () => {
    const [submit, claim] = asked.slice(0, 2) as [(typeof asked)[number], (typeof asked)[number]];
    const called = (unit: string, whistlesCalled: number, whistlesAnswered: number) => ({
      key: { unit, year: 2024 },
      sums: { whistlesCalled, whistlesAnswered },
    });
    expect(partsOf(needScores, [submit, whistle('住建局', '水利局')])).toEqual([called('住建局', 1, 0), called('水利局', 1, 0)]);
    expect(partsOf(needScores, [submit, whistle('住建局', '水利局'), reports('水利局'), reports('水利局')])).toEqual([
      called('住建局', 1, 0),
      called('水利局', 1, 1),
    ]);
    const [led] = partsOf(needScores, [submit, whistle('住建局'), whistle('住建局'), claim]);
    expect(led).toMatchObject({ key: { unit: '住建局', year: 2024 }, sums: { claimed: 1, whistlesCalled: 2, whistlesAnswered: 1 } });
  });
});

describe('what a need gives to the scoreboard of communities', () => {
  const key = { community: '民悦社区', year: 2024 };
  const none = { submitted: 1, claimed: 0, done: 0, inTime: 0, evaluated: 0, satisfied: 0 };
  const beside = { whistlesBlown: 0, whistlesAnswered: 0, spentFen: 0 };

  it('counts in the year in which it was submitted, with what its works have cost once they are accepted', () => {
    const done = { ...none, claimed: 1, done: 1, inTime: 1 };
    expect([1, 2, 4, 5, 7].map((steps) => partsOf(communityNeedScores, asked.slice(0, steps)))).toEqual([
      [{ key, sums: { ...withKind(none), ...beside } }],
      [{ key, sums: { ...withKind({ ...none, claimed: 1 }), ...beside } }],
      [{ key, sums: { ...withKind({ ...none, claimed: 1 }), ...beside } }],
      [{ key, sums: { ...withKind(done), ...beside, spentFen: 7 } }],
      [{ key, sums: { ...withKind({ ...done, evaluated: 1, satisfied: 1 }), ...beside, spentFen: 7 } }],
    ]);
  });

  it('counts a whistle as answered once one of the called units has answered, however many do', () => {
    const sums = (...steps: readonly (readonly [Actor, NeedCommand])[]) => partsOf(communityNeedScores, [...asked.slice(0, 1), ...steps])[0]?.sums;
    expect(sums(whistle('A', 'B'))).toMatchObject({ whistlesBlown: 1, whistlesAnswered: 0 });
    expect(sums(whistle('A', 'B'), reports('A'))).toMatchObject({ whistlesBlown: 1, whistlesAnswered: 1 });
    expect(sums(whistle('A', 'B'), reports('A'), whistle('B', 'C'), reports('C'), reports('B'))).toMatchObject({
      whistlesBlown: 2,
      whistlesAnswered: 2,
    });
  });
});
