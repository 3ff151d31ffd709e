import { describe, expect, it } from '@jest/globals';
import { specFor } from '@qiyue/engine-testing';
import { needDecider, PSEUDONYMS_SINCE, type NeedEvent } from './index';
import { isPseudonym, isPerson } from '@qiyue/civic-domain';
import { adopted, ann, bo, but, cora, PASTS, please, submitted, toDone } from './testing/need.fixtures';

const underRules = (rules: number) => specFor(needDecider, { rules });
const given = underRules(3);
const aliasOf = (name: string) => ({ id: `p-${name}`, person: `sealed ${name}`, commandId: `p-command of ${name}` });
const [ANN, BO] = [
  { actor: ann, alias: aliasOf('ann') },
  { actor: bo, alias: aliasOf('bo') },
];
const PSEUDONYMOUS = { id: 'p-ann', role: ann.role, unit: ann.unit, person: 'sealed ann' };
/** The same past, in which the records name the author by a pseudonym. */
const pseudonymous = (past: readonly NeedEvent[]): readonly NeedEvent[] =>
  past.map((event) => (event.type === 'NeedSubmitted' ? but(event, { author: PSEUDONYMOUS }) : event));

describe('a need that is submitted under an alias', () => {
  it('names its author by the pseudonym, with the person sealed', () => {
    given()
      .when(please('submit'), ANN)
      .then(but(submitted, { author: PSEUDONYMOUS }));
  });

  it('names an office as it is', () => {
    given()
      .when(please('submit'), { actor: cora })
      .then(but(submitted, { author: cora }));
  });
});

describe.each([
  ['of before there were pseudonyms', (past: readonly NeedEvent[]) => past],
  ['that names its author by a pseudonym', pseudonymous],
])('a need %s', (_, past) => {
  it('is its author’s to amend, to withdraw and to evaluate, and nobody else’s', () => {
    const amended = { type: 'NeedAmended', data: { title: 'A wider ramp' } } as const;
    given(...past([submitted]))
      .when(please('amend'), ANN)
      .then(amended);
    given(...past([submitted]))
      .when(please('withdraw'), ANN)
      .then({ type: 'NeedWithdrawn', data: { reason: 'no longer needed' } });
    given(...past(toDone))
      .when(please('evaluate'), ANN)
      .then({ type: 'ResidentEvaluated', data: { score: 5, satisfied: true } });
    for (const type of ['amend', 'withdraw', 'share-contact'] as const)
      given(...past([submitted]))
        .when(please(type), BO)
        .thenRefused('not-permitted');
    given(...past(toDone))
      .when(please('evaluate'), BO)
      .thenRefused('not-permitted');
  });
});

it('an id alone does not make the author of a need that knows a pseudonym', () => {
  given(...pseudonymous([submitted]))
    .when(please('amend'), { actor: ann })
    .thenRefused('not-permitted');
});

describe('a merge', () => {
  const merged = (followers: readonly string[]) => ({ type: 'NeedMerged', data: { into: 'other-need', followers } }) as const;

  it('names the author once more by the pseudonym alone, and an office as it is', () => {
    given(...pseudonymous([submitted]))
      .when(please('merge'), { actor: cora })
      .then(merged(['p-ann']));
    given(but(submitted, { author: cora }))
      .when(please('merge'), { actor: cora })
      .then(merged(['cora']));
  });

  it('does not write down again who a need of before names openly, as it did under the rules of before', () => {
    given(submitted).when(please('merge'), { actor: cora }).then(merged([]));
    underRules(2)(submitted)
      .when(please('merge'), { actor: cora })
      .then(merged(['ann']));
  });

  it('brings the target its followers with the persons behind them', () => {
    const data = { from: 'other-need', followers: ['p-pam'], persons: ['sealed pam'] };
    given(submitted).when(please('adopt', data), { actor: cora }).then({ type: 'NeedAdopted', data });
    given(submitted, { type: 'NeedAdopted', data }).when(please('adopt', data), { actor: cora }).thenNothing();
    underRules(2)(submitted).when(please('adopt'), { actor: cora }).then(adopted);
  });

  it('keeps them in every stage', () => {
    const data = { from: 'other-need', followers: ['p-pam'], persons: ['sealed pam'] };
    const later = (PASTS['funded/working'] ?? []).toSpliced(1, 0, { type: 'NeedAdopted', data });
    const state = later.reduce((before, event) => needDecider.evolve(before, event, { rules: 3 }), needDecider.initial);
    expect(state).toMatchObject({ stage: 'funded', adopted: [data] });
  });
});

it('who acts for themselves is a person; a pseudonym is told by its form', () => {
  expect(['resident', 'property', 'grid', 'community', 'department', 'system', null].map(isPerson)).toEqual([
    true,
    true,
    true,
    ...Array<boolean>(4).fill(false),
  ]);
  expect(['p-0123456789abcdef0123', 'p-0123456789abcdef012', 'p-0123456789ABCDEF0123', 'xp-0123456789abcdef0123'].map(isPseudonym)).toEqual([
    true,
    ...Array<boolean>(3).fill(false),
  ]);
  expect(needDecider.aliasSince).toBe(PSEUDONYMS_SINCE);
});
