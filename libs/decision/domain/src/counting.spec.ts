import { describe, expect, it } from '@jest/globals';
import { countingRuleFor, DECISION_MATTERS, DEFAULT_DECISION, type CountingRule, type DecisionMatter } from '@qiyue/civic-domain';
import { countOf, electorateOf, letterOf, needsOf, noBallots, tallyOf, type Choice, type Outcome, type RosterEntry } from './index';
import { withSign } from './electorate';

const TODAY = '2024-07-08';
const ruleOf = (matter: DecisionMatter, name?: string): CountingRule => {
  const rule = countingRuleFor(DEFAULT_DECISION, matter, TODAY, name);
  if (rule === null) throw new Error(`no rule for ${matter}`);
  return rule;
};

/** So many areas of owners, by how they vote; `null` does not. */
type Votes = readonly (readonly [areaCm2: number, choice: Choice | null])[];
const outcomeOf = (rule: CountingRule, votes: Votes): Outcome => {
  const roster = votes.map(([areaCm2], i): RosterEntry => ({ room: `r${i}`, areaCm2, owner: `o${i}` }));
  const ballots = votes.map(([, choice]) => (choice === null ? '-' : letterOf(choice))).join('');
  return tallyOf(countOf(electorateOf(roster, {}), ballots), rule, true).outcome;
};
const owners = (n: number, areaCm2: number, choice: Choice | null): Votes => Array.from({ length: n }, () => [areaCm2, choice] as const);

/** Twelve owners of 100 cm² each but for the last two of a group, between whom one cm² goes over. */
const HALF_RULES: readonly CountingRule[] = [ruleOf('use-fund'), ruleOf('other')];
const QUARTER_RULES: readonly CountingRule[] = [ruleOf('raise-fund'), ruleOf('rebuild'), ruleOf('change-use')];
const OLDER = ruleOf('use-fund', 'measures-22');
const ALL = [...HALF_RULES, ...QUARTER_RULES, OLDER];

const two = (first: number, second: number, choice: Choice | null): Votes => [
  [first, choice],
  [second, choice],
];

describe.each(ALL.map((rule) => [`${rule.matter} (${rule.name})`, rule] as const))('taking part in %s', (_, rule) => {
  // Eight of twelve is 2/3 to the head, and 800 of 1,200 cm² to the cm².
  it.each<readonly [string, Votes, boolean]>([
    ['exactly 2/3 of area and heads', [...owners(8, 100, 'agree'), ...owners(4, 100, null)], true],
    ['one cm² less', [...owners(7, 100, 'agree'), [99, 'agree'], [101, null], ...owners(3, 100, null)], false],
    ['one cm² more', [...owners(7, 100, 'agree'), [101, 'agree'], [99, null], ...owners(3, 100, null)], true],
    ['one head less, of the same area', [...owners(6, 100, 'agree'), [200, 'agree'], ...owners(4, 80, null), [80, null]], false],
    ['one head more, of the same area', [...owners(7, 100, 'agree'), ...two(50, 50, 'agree'), ...owners(3, 100, null), [100, null]], true],
    ['nobody', owners(12, 100, null), false],
    ['all', owners(12, 100, 'agree'), true],
  ])('with %s', (_case, votes, isEnough) => {
    expect(outcomeOf(rule, votes)).toBe(isEnough ? 'passed' : 'failed-quorum');
  });
});

describe.each(HALF_RULES.map((rule) => [rule.matter, rule] as const))('agreeing in %s', (_, rule) => {
  it.each<readonly [string, Votes, Outcome]>([
    ['exactly half is not more than half', [...owners(4, 100, 'agree'), ...owners(4, 100, 'disagree')], 'failed-approval'],
    [
      'one cm² more than half, and half of the heads',
      [...owners(3, 100, 'agree'), [101, 'agree'], [99, 'disagree'], ...owners(3, 100, 'disagree')],
      'failed-approval',
    ],
    [
      'one head more than half, and half of the area',
      [...owners(3, 100, 'agree'), ...two(50, 50, 'agree'), ...owners(4, 100, 'disagree')],
      'failed-approval',
    ],
    ['one cm² and one head more', [...owners(3, 100, 'agree'), ...two(51, 50, 'agree'), [99, 'disagree'], ...owners(3, 100, 'disagree')], 'passed'],
    [
      'one cm² less than half, and one head more',
      [...owners(3, 100, 'agree'), ...two(49, 50, 'agree'), [101, 'disagree'], ...owners(3, 100, 'disagree')],
      'failed-approval',
    ],
    ['abstentions take part, and so do not help', [...owners(4, 100, 'agree'), ...owners(4, 100, 'abstain')], 'failed-approval'],
    ['one head and one room over abstentions', [...owners(5, 100, 'agree'), ...owners(4, 100, 'abstain')], 'passed'],
    ['who does not vote is not asked', [...owners(5, 100, 'agree'), ...owners(3, 100, 'disagree'), ...owners(4, 100, null)], 'passed'],
  ])('%s', (_case, votes, outcome) => {
    expect(outcomeOf(rule, votes)).toBe(outcome);
  });
});

describe.each(QUARTER_RULES.map((rule) => [rule.matter, rule] as const))('agreeing in %s', (_, rule) => {
  it.each<readonly [string, Votes, Outcome]>([
    ['exactly 3/4 is enough', [...owners(6, 100, 'agree'), ...owners(2, 100, 'disagree')], 'passed'],
    ['one cm² less', [...owners(5, 100, 'agree'), [99, 'agree'], [101, 'disagree'], [100, 'disagree']], 'failed-approval'],
    ['one cm² more', [...owners(5, 100, 'agree'), [101, 'agree'], [99, 'disagree'], [100, 'disagree']], 'passed'],
    [
      'one head less, of the same area',
      [...owners(4, 100, 'agree'), [200, 'agree'], [100, 'disagree'], ...two(50, 50, 'abstain')],
      'failed-approval',
    ],
    ['one head more, of the same area', [...owners(5, 100, 'agree'), ...two(50, 50, 'agree'), ...owners(2, 100, 'disagree')], 'passed'],
    ['abstentions count against it', [...owners(5, 100, 'agree'), ...owners(3, 100, 'abstain')], 'failed-approval'],
  ])('%s', (_case, votes, outcome) => {
    expect(outcomeOf(rule, votes)).toBe(outcome);
  });
});

describe('agreeing by the older rule', () => {
  it.each<readonly [string, Votes, Outcome]>([
    ['exactly 2/3 of all', [...owners(8, 100, 'agree'), ...owners(4, 100, null)], 'passed'],
    ['2/3 that take part and do not all agree', [...owners(7, 100, 'agree'), [100, 'disagree'], ...owners(4, 100, null)], 'failed-approval'],
    ['one cm² less of all', [...owners(7, 100, 'agree'), [99, 'agree'], [101, 'disagree'], ...owners(3, 100, null)], 'failed-approval'],
    ['one head less of all', [...owners(6, 100, 'agree'), [200, 'agree'], ...owners(5, 80, 'disagree')], 'failed-approval'],
    ['one head more of all', [...owners(7, 100, 'agree'), ...two(50, 50, 'agree'), ...owners(4, 100, null)], 'passed'],
  ])('%s', (_case, votes, outcome) => {
    expect(outcomeOf(OLDER, votes)).toBe(outcome);
  });
  it('is for using the fund before it was handed over, and only where it is asked for', () => {
    expect(OLDER).toMatchObject({ onRequest: true, beforeHandover: true, agreementOf: 'all', effectiveFrom: '2008-02-01' });
    for (const matter of DECISION_MATTERS) {
      expect(ruleOf(matter).name).toBe('civil-code-278');
      if (matter !== 'use-fund') expect(countingRuleFor(DEFAULT_DECISION, matter, TODAY, 'measures-22')).toBeNull();
    }
    expect(countingRuleFor(DEFAULT_DECISION, 'other', '2020-12-31')).toBeNull(); // the Civil Code was not in force yet
  });
});

describe('a head', () => {
  const rooms = (...rows: readonly (readonly [number, string | null])[]): readonly RosterEntry[] =>
    rows.map(([areaCm2, owner], i) => ({ room: `r${i}`, areaCm2, owner }));
  it('is one owner with all rooms that they have in the deciding scope', () => {
    const electorate = electorateOf(rooms([100, 'ann'], [200, 'bo'], [300, 'ann'], [400, 'ann']), { deciding: ['r0', 'r1', 'r2'] });
    const [ann] = [electorate.heads.indexOf('ann')];
    expect(countOf(electorate, withSign(noBallots(2), ann, 'a'))).toEqual({
      ...{ totalAreaCm2: 600, totalHeads: 2, partAreaCm2: 400, partHeads: 1, agreeAreaCm2: 400, agreeHeads: 1 },
    });
  });
  it('is the developer with all that is unsold', () => {
    const electorate = electorateOf(rooms([100, null], [200, 'bo'], [300, null]), {});
    expect(electorate.heads).toEqual([null, 'bo']);
    expect(countOf(electorate, 'o-')).toMatchObject({ totalHeads: 2, partAreaCm2: 400, partHeads: 1, agreeHeads: 0 });
  });
  it('that has nothing in the deciding scope is not counted', () => {
    const electorate = electorateOf(rooms([100, 'ann'], [200, 'bo']), { deciding: ['r0'] });
    expect(countOf(electorate, 'aa')).toEqual({ totalAreaCm2: 100, totalHeads: 1, partAreaCm2: 100, partHeads: 1, agreeAreaCm2: 100, agreeHeads: 1 });
  });
});

/** A second count, which shares nothing with the first: objects instead of columns, BigInt fractions instead of numbers. */
const secondOpinion = (
  roster: readonly RosterEntry[],
  choices: ReadonlyMap<string | null, Choice>,
  deciding: ReadonlySet<string>,
  rule: CountingRule,
): Outcome => {
  const areas = new Map<string | null, bigint>();
  for (const { room, areaCm2, owner } of roster) if (deciding.has(room)) areas.set(owner, (areas.get(owner) ?? 0n) + BigInt(areaCm2));
  const sum = (of: readonly (readonly [string | null, bigint])[]): readonly [bigint, bigint] => [
    of.reduce((all, [, area]) => all + area, 0n),
    BigInt(of.length),
  ];
  const heads = [...areas];
  const taking = heads.filter(([owner]) => choices.has(owner));
  const [all, part, agree] = [sum(heads), sum(taking), sum(taking.filter(([owner]) => choices.get(owner) === 'agree'))];
  const isEnough = (some: bigint, of: bigint, fraction: CountingRule['agreement']): boolean => {
    const over = some * BigInt(fraction.denominator) - of * BigInt(fraction.numerator);
    return fraction.strict ? over > 0n : over >= 0n;
  };
  if (![0, 1].every((i) => isEnough(part[i] ?? 0n, all[i] ?? 0n, rule.participation))) return 'failed-quorum';
  const whole = rule.agreementOf === 'all' ? all : part;
  return taking.length > 0 && [0, 1].every((i) => isEnough(agree[i] ?? 0n, whole[i] ?? 0n, rule.agreement)) ? 'passed' : 'failed-approval';
};

/** Park and Miller's generator: the same rosters in every run. */
const randomFrom = (seed: number) => {
  let at = seed;
  return (below: number): number => {
    at = (at * 48_271) % 2_147_483_647;
    return at % below;
  };
};

describe('100,000 random rosters', () => {
  const CHOICES: readonly (Choice | null)[] = ['agree', 'agree', 'agree', 'disagree', 'abstain', null];
  it('are counted as a second count with BigInt fractions counts them', () => {
    const below = randomFrom(20_240_708);
    const seen = new Map<string, number>();
    for (let i = 0; i < 100_000; i += 1) {
      const n = 1 + below(14);
      const [most, areaMax] = [1 + below(n), [3, 12, 1_000_000_000][below(3)] ?? 3];
      const roster = Array.from({ length: n }, (_, r): RosterEntry => {
        const owner = below(most + 1);
        return { room: `r${r}`, areaCm2: 1 + below(areaMax), owner: owner === most ? null : `o${owner}` };
      });
      const scope = roster.map(({ room }) => room).filter(() => below(5) > 0);
      const deciding = scope.length === 0 ? roster.map(({ room }) => room) : scope;
      const electorate = electorateOf(roster, { deciding });
      const choices = electorate.heads.map(() => CHOICES[below(CHOICES.length)] ?? null);
      const ballots = choices.map((choice) => (choice === null ? '-' : letterOf(choice))).join('');
      const voted = new Map(electorate.heads.flatMap((owner, h) => (choices[h] ? [[owner, choices[h]] as const] : [])));
      const rule = ALL[below(ALL.length)] ?? OLDER;
      const count = countOf(electorate, ballots);
      const { outcome } = tallyOf(count, rule, true);
      const second = secondOpinion(roster, voted, new Set(deciding), rule);
      if (outcome !== second) throw new Error(`${outcome}, and ${second}: ${JSON.stringify({ roster, deciding, ballots, rule })}`);
      const needed = needsOf(count, rule);
      const isReached = count.agreeAreaCm2 >= needed.agreeAreaCm2 && count.agreeHeads >= needed.agreeHeads;
      const isQuorum = count.partAreaCm2 >= needed.partAreaCm2 && count.partHeads >= needed.partHeads;
      if (outcome !== (!isQuorum ? 'failed-quorum' : isReached && count.partHeads > 0 ? 'passed' : 'failed-approval'))
        throw new Error(`what is needed says otherwise: ${JSON.stringify({ count, needed, outcome })}`);
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
    for (const outcome of ['passed', 'failed-quorum', 'failed-approval']) expect(seen.get(outcome)).toBeGreaterThan(10_000);
  }, 120_000);
});
