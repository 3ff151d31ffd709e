import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@qiyue/engine';
import { specFor, TEST_CONTEXT } from '@qiyue/engine-testing';
import { NEED_RULES, needDecider, type NeedCommandType, type NeedEvent } from './index';
import {
  ann,
  authority,
  bo,
  but,
  centre,
  claimed,
  clock,
  communityElsewhere,
  cora,
  COMMAND_TYPES,
  gus,
  IN_30_DAYS,
  NOW,
  PASTS,
  please,
  residentElsewhere,
  roads,
  submitted,
  toDone,
  water,
} from './testing/need.fixtures';

const ROLES = ['resident', 'property', 'grid', 'community', 'department', 'centre', 'authority', 'supervisor', 'operator', 'service', 'system'];
const NO_ROLES = ['', 'Resident', 'admin', 'constructor', '__proto__', 'toString'];

/** Written out by hand and apart from the code's own table. */
const ALLOWED: Readonly<Record<NeedCommandType, string>> = {
  submit: 'resident property grid community',
  amend: 'resident property grid community',
  withdraw: 'resident property grid community',
  reject: 'community',
  merge: 'community',
  adopt: 'community',
  unadopt: 'community',
  inspect: 'community',
  claim: 'department centre',
  return: 'department',
  fund: 'department centre',
  'adjust-funding': 'centre',
  'cancel-works': 'centre',
  start: 'department',
  progress: 'department',
  complete: 'department',
  accept: 'community authority',
  'refuse-works': 'community authority',
  evaluate: 'resident property grid community',
  reopen: 'community',
  vouch: 'system',
  close: 'system',
  whistle: 'community centre',
  dispatch: 'centre',
  correct: 'centre',
  'confirm-urgency': 'community centre',
  sign: 'community department',
  pause: 'community',
  resume: 'community',
  'request-extension': 'department',
  grant: 'centre',
  deny: 'centre',
  join: 'department',
  'share-contact': 'resident property grid community',
  'report-in': 'resident property grid community department',
  'await-decision': 'system',
  'note-decision': 'system',
  'join-project': 'system',
  'leave-project': 'community department system',
  tick: 'system',
  retime: 'system',
};

const given = specFor(needDecider, { rules: NEED_RULES });
const withRole = (role: string): Actor => ({ id: 'somebody', role, unit: 'Lakeside' });

describe('a role', () => {
  it.each(COMMAND_TYPES)('may or may never give %s, as the list says', (type) => {
    const allowed = ROLES.filter((role) => {
      const decision = needDecider.decide(please(type), needDecider.initial, { ...TEST_CONTEXT, rules: NEED_RULES, actor: withRole(role) });
      return decision.ok || decision.refusal.code !== 'not-permitted'; // no need yet: who may is told about the stage
    });
    expect(allowed.join(' ')).toBe(ALLOWED[type]);
  });

  it.each(NO_ROLES)('that does not exist is never permitted: "%s"', (role) => {
    for (const type of COMMAND_TYPES)
      given(submitted)
        .when(please(type), { actor: withRole(role) })
        .thenRefused('not-permitted');
  });
});

/** In a status where the command fits, each of these has the right role and is still the wrong one. */
const STRANGERS: readonly (readonly [NeedCommandType, string, readonly Actor[]])[] = [
  ['amend', 'submitted/waiting', [bo, gus, cora]],
  ['withdraw', 'submitted/waiting', [bo, gus, cora]],
  ['reject', 'submitted/waiting', [communityElsewhere]],
  ['merge', 'submitted/waiting', [communityElsewhere]],
  ['adopt', 'submitted/waiting', [communityElsewhere]],
  ['unadopt', 'submitted/waiting', [communityElsewhere]],
  ['inspect', 'submitted/waiting', [communityElsewhere, { ...cora, unit: null }]],
  ['claim', 'submitted/waiting', [roads, { ...water, unit: null }]],
  ['return', 'claimed/planned', [roads]],
  ['fund', 'claimed/planned', [roads]],
  ['start', 'funded/waiting-to-start', [roads]],
  ['progress', 'funded/working', [roads]],
  ['complete', 'funded/working', [roads]],
  ['accept', 'funded/at-acceptance', [communityElsewhere]],
  ['refuse-works', 'funded/at-acceptance', [communityElsewhere]],
  ['evaluate', 'done/awaiting-evaluations', [bo, gus, residentElsewhere, cora, communityElsewhere]],
  ['reopen', 'evaluated/open-to-reopen', [communityElsewhere]],
  ['whistle', 'submitted/waiting', [communityElsewhere]],
  ['confirm-urgency', 'submitted/waiting', [communityElsewhere]],
  ['sign', 'claimed/planned', [communityElsewhere, roads]],
  ['pause', 'claimed/planned', [communityElsewhere]],
  ['resume', 'claimed/planned', [communityElsewhere]],
  ['request-extension', 'claimed/planned', [roads]],
  ['join', 'claimed/planned', [water, { ...roads, unit: null }]],
  ['share-contact', 'claimed/planned', [bo, gus, cora]],
  ['report-in', 'submitted/waiting', [communityElsewhere]],
  ['leave-project', 'submitted/waiting', [communityElsewhere, water]],
  ['leave-project', 'claimed/planned', [communityElsewhere, roads]],
  ['tick', 'claimed/planned', [{ id: 'mallory', role: 'system', unit: null }]],
  ['close', 'evaluated/open-to-reopen', [{ id: 'mallory', role: 'system', unit: null }]],
];

describe('somebody with the right role', () => {
  it.each(STRANGERS)('is not permitted to %s what is not theirs', (type, place, strangers) => {
    for (const actor of strangers)
      given(...(PASTS[place] ?? []))
        .when(please(type), { actor, now: IN_30_DAYS })
        .thenRefused('not-permitted');
  });

  it('hears about the stage first and about ownership second', () => {
    given(submitted).when(please('start'), { actor: roads }).thenRefused('wrong-stage');
    given(submitted).when(please('start'), { actor: ann }).thenRefused('not-permitted');
  });

  it('learns who was meant, and nothing about anybody', () => {
    given(submitted).when(please('inspect'), { actor: ann }).thenRefused('not-permitted', { command: 'inspect', role: 'resident' });
    given(submitted)
      .when(please('inspect'), { actor: communityElsewhere })
      .thenRefused('not-permitted', { command: 'inspect', rule: 'own-community' });
  });
});

describe('the two sides of an evaluation', () => {
  const resident = please('evaluate', { side: 'resident', score: 4, satisfied: true });
  const community = please('evaluate', { side: 'community', score: 4, satisfied: true });
  const byCora = but(submitted, { author: cora });
  const communitysOwn = [byCora, ...toDone.slice(1)];

  it("are the author for the residents and the need's community for itself", () => {
    given(...toDone)
      .when(resident, { actor: ann })
      .then({ type: 'ResidentEvaluated', data: { score: 4, satisfied: true } });
    given(...toDone)
      .when(community, { actor: cora })
      .then({ type: 'CommunityEvaluated', data: { score: 4, satisfied: true } });
  });
  it('cannot speak for each other', () => {
    given(...toDone)
      .when(resident, { actor: cora })
      .thenRefused('not-permitted');
    given(...toDone)
      .when(community, { actor: ann })
      .thenRefused('not-permitted');
    given(...toDone)
      .when(resident, { actor: { ...ann, role: 'community' } })
      .thenRefused('not-permitted');
  });
  it("let any resident-side actor of the community evaluate a community's own need", () => {
    for (const actor of [ann, bo, gus])
      given(...communitysOwn)
        .when(resident, { actor })
        .then({ type: 'ResidentEvaluated', data: { score: 4, satisfied: true } });
    given(...communitysOwn)
      .when(resident, { actor: residentElsewhere })
      .thenRefused('not-permitted');
    given(...communitysOwn)
      .when(resident, { actor: cora })
      .thenRefused('not-permitted');
  });
});

describe('those who stand beside the lead and the community', () => {
  it('let the centre pay but not claim', () => {
    given(...PASTS['claimed/planned']!)
      .when(please('fund'), { actor: centre })
      .then({
        type: 'NeedFunded',
        data: { ...please('fund').data, unit: 'Service centre', doneBy: '2024-07-14T08:00:00.000+08:00', policy: 'default-hours-1' },
      });
    given(submitted)
      .when(please('claim', { unit: 'Service centre', plan: 'p' }), { actor: centre })
      .thenRefused('not-permitted');
  });
  it('let the centre find a lead once the whistle has reached it', () => {
    const called = (reach: 'all' | 'centre'): NeedEvent => ({ type: 'WhistleBlown', data: { reach, units: [], answerBy: null } });
    const naming = please('claim', { unit: 'Water', plan: 'p' });
    given(submitted, called('all')).when(naming, { actor: centre }).thenRefused('not-permitted');
    given(submitted, called('centre'))
      .when(naming, { actor: centre, now: NOW })
      .then(but(claimed, { plan: 'p' }));
  });
  it('let the authority accept and refuse works anywhere', () => {
    const atAcceptance = PASTS['funded/at-acceptance']!;
    given(...atAcceptance)
      .when(please('refuse-works'), { actor: authority })
      .then({ type: 'WorksRefused', data: { reason: 'too steep' } });
    given(...atAcceptance)
      .when(please('accept'), { actor: authority })
      .then({ type: 'NeedDone', data: { evaluateBy: '2024-07-06T08:00:00.000+08:00', policy: 'default-hours-1' } });
  });
  it('let the centre whistle since rules 6, and not before', () => {
    const under = (rules: number) => specFor(needDecider, { rules })(submitted).when(please('whistle'), { actor: centre });
    under(5).thenRefused('not-permitted', { command: 'whistle', role: 'centre' });
    under(6).then({ type: 'WhistleBlown', data: { reach: 'named', units: ['Water', 'Roads'], answerBy: null } });
  });
  it('let only the clock close', () => {
    given(...PASTS['evaluated/open-to-reopen']!)
      .when(please('close'), { actor: clock, now: IN_30_DAYS })
      .then({ type: 'NeedClosed', data: {} });
    given(...PASTS['evaluated/open-to-reopen']!)
      .when(please('close'), { actor: cora, now: IN_30_DAYS })
      .thenRefused('not-permitted');
  });
});
