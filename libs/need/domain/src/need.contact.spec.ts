import { describe, expect, it } from '@jest/globals';
import { specFor } from '@qiyue/engine-testing';
import { COMMAND_SINCE, needDecider, type NeedCommand } from './index';
import { ann, but, claimed, funded, PASTS, please, roads, submitted, water } from './testing/need.fixtures';

const given = specFor(needDecider, { rules: 2 });
const named = but(claimed, { helpers: ['Roads'] });
const joined = { type: 'HelperJoined', data: { unit: 'Roads' } } as const;
const shared = { type: 'ContactShared', data: { unit: 'Water' } } as const;

describe('a helper', () => {
  it('that the lead named accepts once, and again after another claim', () => {
    given(submitted, named)
      .when(please('join', { note: 'two of us' }), { actor: roads })
      .then({ ...joined, data: { unit: 'Roads', note: 'two of us' } });
    given(submitted, named, joined).when(please('join'), { actor: roads }).thenRefused('already-joined');
    const returned = { type: 'ClaimReturned', data: { reason: 'r', unit: 'Water', claimBy: null, policy: 'p' } } as const;
    given(submitted, named, joined, returned, named).when(please('join'), { actor: roads }).then(joined);
  });

  it('stays one while the lead works', () => {
    given(submitted, named, joined, funded).when(please('join'), { actor: roads }).thenRefused('already-joined');
  });

  it('that nobody named, or that leads, cannot join', () => {
    given(submitted, claimed).when(please('join'), { actor: roads }).thenRefused('not-permitted');
    given(submitted, named).when(please('join'), { actor: water }).thenRefused('not-permitted');
  });
});

describe('the contact', () => {
  it('is shared with a unit by the author alone, once', () => {
    given(submitted).when(please('share-contact'), { actor: ann }).then(shared);
    given(submitted, shared).when(please('share-contact'), { actor: ann }).thenRefused('already-shared');
    given(submitted, shared, named).when(please('share-contact'), { actor: ann }).thenRefused('already-shared');
    given(submitted, named).when(please('share-contact'), { actor: water }).thenRefused('not-permitted');
  });
});

describe('what a person wrote of themselves', () => {
  const correction = please('amend', { contact: '2', description: 'd', compound: 'c', location: null });

  it.each(['claimed/planned', 'funded/working', 'done/awaiting-evaluations'])('can be corrected while somebody works with it: %s', (place) => {
    given(...(PASTS[place] ?? []))
      .when(correction, { actor: ann })
      .then({ type: 'NeedAmended', data: correction.data });
    given(...(PASTS[place] ?? []))
      .when(please('amend', { title: 't', contact: '2' }), { actor: ann })
      .thenRefused('wrong-stage');
  });

  it('cannot be, once it is evaluated', () => {
    given(...(PASTS['evaluated/open-to-reopen'] ?? []))
      .when(correction, { actor: ann })
      .thenRefused('wrong-stage');
  });
});

it('is answered under rules 1 as it was before there was any of it', () => {
  const before = specFor(needDecider);
  const commands: readonly (readonly [NeedCommand, typeof ann])[] = [
    [please('join'), roads],
    [please('share-contact'), ann],
    [please('amend', { contact: '2' }), ann],
  ];
  for (const [command, actor] of commands) before(submitted, named).when(command, { actor }).thenRefused('wrong-stage');
  expect(COMMAND_SINCE).toEqual({
    ...{ join: 2, 'share-contact': 2, 'adjust-funding': 4, 'cancel-works': 4, vouch: 4 },
    ...{ 'report-in': 5, 'await-decision': 5, 'note-decision': 5, 'join-project': 5, 'leave-project': 5 },
    ...{ dispatch: 6, correct: 6, 'confirm-urgency': 6 },
  });
});
