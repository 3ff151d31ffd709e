import { describe, expect, it } from '@jest/globals';
import { GENESIS_HASH, sealRecord, type RecordBody } from '@qiyue/engine';
import type { NeedCommand } from '@qiyue/need-domain';
import { foldNeedView, toListItem, type NeedView } from './index';
import { ann, BIRTH, cora, Life, NEED_ID, water } from './testing/need.life';

const submit: NeedCommand = {
  type: 'submit',
  data: { title: 'A ramp', kind: 'tangible', items: [{ name: 'ramp', quantity: 1, unit: 'piece' }], community: 'Lakeside', contact: 'porter' },
};
const inspect: NeedCommand = { type: 'inspect', data: { notes: 'three steps' } };
const claim: NeedCommand = {
  type: 'claim',
  data: { unit: 'Water', plan: 'build it', promisedBy: '2024-07-10T23:59:59.999+08:00', helpers: ['Roads'] },
};
const fund: NeedCommand = { type: 'fund', data: { amountFen: 500_000, source: 'department', reference: 'B-1' } };
const progress: NeedCommand = { type: 'progress', data: { note: 'half way', photos: ['https://example.org/2.jpg'] } };
const complete: NeedCommand = {
  type: 'complete',
  data: {
    evidence: [
      { kind: 'photo', url: 'https://example.org/3.jpg' },
      { kind: 'note', text: '1:12' },
    ],
  },
};
const accept: NeedCommand = { type: 'accept', data: {} };
const evaluate = (side: 'resident' | 'community', satisfied: boolean): NeedCommand => ({
  type: 'evaluate',
  data: { side, score: satisfied ? 5 : 1, satisfied, ...(satisfied ? {} : { comment: 'too steep' }) },
});

const live = (...steps: readonly (readonly [typeof ann, NeedCommand])[]): Life => {
  const life = new Life();
  for (const [actor, command] of steps) expect(life.does(actor, command)).toBeNull();
  return life;
};
const viewOf = (life: Life): NeedView => life.records.reduce<NeedView | null>(foldNeedView, null) as NeedView;
const toDone = [
  [ann, submit],
  [water, claim],
  [water, fund],
  [water, complete],
  [cora, accept],
] as const;
const minute = (n: number): string => `2024-07-01T08:0${n}:00.000+08:00`;

const NEWBORN: NeedView = {
  needId: NEED_ID,
  seq: 1,
  stage: 'submitted',
  status: 'waiting',
  title: 'A ramp',
  description: null,
  kind: 'tangible',
  category: null,
  urgency: null,
  urgencyConfirmed: null,
  items: [{ name: 'ramp', quantity: 1, unit: 'piece' }],
  community: 'Lakeside',
  compound: null,
  location: null,
  exactLocation: null,
  contact: 'porter',
  scope: null,
  photos: [],
  author: { id: 'ann', role: 'resident', unit: 'Lakeside' },
  unit: null,
  helpers: [],
  joined: [],
  contactSharedWith: [],
  plan: null,
  promisedBy: null,
  funding: [],
  evidence: [],
  progress: [],
  inspection: null,
  evaluations: { resident: null, community: null },
  round: 1,
  clock: null,
  whistle: null,
  contract: { community: null, department: null },
  volunteers: [],
  decision: null,
  projectId: null,
  lapsed: null,
  stages: [
    {
      ...{ stage: 'submitted', round: 1, unit: null, from: BIRTH, dueAt: '2024-07-03T08:00:00.000+08:00', endedAt: null, late: null },
      escalatedTo: 0,
    },
  ],
  reason: null,
  mergedInto: null,
  adopted: [],
  followers: [],
  deadlines: { claimBy: '2024-07-03T08:00:00.000+08:00', fundBy: null, returnUntil: null, doneBy: null, evaluateBy: null, closesAt: null },
  dueAt: '2024-07-03T08:00:00.000+08:00',
  createdAt: BIRTH,
  updatedAt: BIRTH,
  hash: '',
};

describe("a need's document", () => {
  it('has every field from the first event on, null where nothing is known', () => {
    const life = live([ann, submit]);
    expect(viewOf(life)).toEqual({ ...NEWBORN, hash: sealRecord(life.records[0] as RecordBody).hash });
  });
  it('tells the whole of a life that went well', () => {
    const life = live(
      [ann, submit],
      [cora, inspect],
      [water, claim],
      [water, fund],
      [water, progress],
      [water, complete],
      [cora, accept],
      [ann, evaluate('resident', true)],
    );
    expect(viewOf(life)).toMatchObject({
      seq: 8,
      stage: 'done',
      status: 'one-side-evaluated',
      unit: 'Water',
      helpers: ['Roads'],
      plan: 'build it',
      promisedBy: '2024-07-10T23:59:59.999+08:00',
      inspection: { notes: 'three steps', photos: [], at: minute(1) },
      funding: [{ round: 1, amountFen: 500_000, source: 'department', reference: 'B-1', unit: 'Water', at: minute(3) }],
      progress: [{ round: 1, note: 'half way', photos: ['https://example.org/2.jpg'], at: minute(4) }],
      evidence: [
        { round: 1, kind: 'photo', url: 'https://example.org/3.jpg', text: null, at: minute(5) },
        { round: 1, kind: 'note', url: null, text: '1:12', at: minute(5) },
      ],
      evaluations: { resident: { score: 5, satisfied: true, comment: null, at: minute(7) }, community: null },
      deadlines: { claimBy: null, fundBy: null, returnUntil: null, doneBy: null, evaluateBy: '2024-07-06T08:06:00.000+08:00', closesAt: null },
      dueAt: '2024-07-06T08:06:00.000+08:00',
      createdAt: BIRTH,
      updatedAt: minute(7),
    });
  });
  it('is waited for by nobody while it can be reopened, and has no deadline once closed', () => {
    const life = live(...toDone, [ann, evaluate('resident', true)], [cora, evaluate('community', true)]);
    expect(viewOf(life)).toMatchObject({
      stage: 'evaluated',
      status: 'open-to-reopen',
      dueAt: null,
      deadlines: { evaluateBy: null, closesAt: '2024-07-31T08:06:00.000+08:00' },
    });
    life.waits();
    expect(viewOf(life)).toMatchObject({ status: 'closed', dueAt: null, deadlines: { closesAt: null }, updatedAt: '2024-07-31T08:06:00.000+08:00' });
  });
  it('keeps the verdicts that reopened it until the next round is done, and the money of each round', () => {
    const again = [
      [ann, evaluate('resident', false)],
      [cora, evaluate('community', true)],
    ] as const;
    const reopened = viewOf(live(...toDone, ...again));
    expect(reopened).toMatchObject({
      stage: 'claimed',
      status: 'reopened',
      round: 2,
      unit: 'Water',
      promisedBy: null,
      dueAt: '2024-07-04T08:06:00.000+08:00',
    });
    expect(reopened.evaluations.resident).toEqual({ score: 1, satisfied: false, comment: 'too steep', at: minute(5) });
    const done = viewOf(live(...toDone, ...again, [water, fund], [water, complete], [cora, accept]));
    expect(done.evaluations).toEqual({ resident: null, community: null });
    expect(done.funding.map(({ round }) => round)).toEqual([1, 2]);
  });
  it('keeps the reason that was given last: of a correction too, and over a step that gives none', () => {
    const life = live([ann, submit], [cora, inspect]);
    const last = life.records.at(-1) as RecordBody;
    const behind = (view: NeedView, type: string, data: RecordBody['data']): NeedView =>
      foldNeedView(view, { ...last, seq: view.seq + 1, prevHash: view.hash, type, data });
    const corrected = behind(viewOf(life), 'NeedCorrected', { kind: 'service', reason: 'a lecture', was: { kind: 'tangible' } });
    expect(corrected).toMatchObject({ kind: 'service', reason: 'a lecture' });
    expect(behind(corrected, 'UrgencyConfirmed', { from: 'urgent', to: 'normal' })).toMatchObject({ urgency: 'normal', reason: 'a lecture' });
  });

  it('is on the list again when the claim was given back, with the reason', () => {
    const returned = viewOf(live([ann, submit], [cora, inspect], [water, claim], [water, { type: 'return', data: { reason: 'not ours' } }]));
    expect(returned).toMatchObject({
      stage: 'submitted',
      status: 'inspected',
      unit: null,
      helpers: [],
      plan: null,
      promisedBy: null,
      reason: 'not ours',
    });
    expect(returned.deadlines).toEqual({ ...NEWBORN.deadlines, claimBy: '2024-07-03T08:03:00.000+08:00' });
  });
  it('takes what was amended and leaves the rest', () => {
    const amended = viewOf(live([ann, submit], [ann, { type: 'amend', data: { title: 'A wide ramp', location: { lat: 30, lng: 114 } } }]));
    expect(amended).toEqual({ ...NEWBORN, title: 'A wide ramp', location: { lat: 30, lng: 114 }, seq: 2, updatedAt: minute(1), hash: amended.hash });
  });
  it.each([
    ['reject', cora, { type: 'reject', data: { reason: 'r' } }, { stage: 'rejected', reason: 'r' }],
    ['withdraw', ann, { type: 'withdraw', data: { reason: 'r' } }, { stage: 'withdrawn', reason: 'r' }],
    ['merge', cora, { type: 'merge', data: { into: 'target' } }, { stage: 'merged', mergedInto: 'target' }],
  ] as const)('has no deadline after %s', (_, actor, command, expected) => {
    expect(viewOf(live([ann, submit], [actor, command]))).toMatchObject({ ...expected, status: 'ended', dueAt: null, deadlines: { claimBy: null } });
  });
  it('counts each follower once, the author not at all, and forgets those who left with their need', () => {
    const adopt = (from: string, ...followers: string[]): NeedCommand => ({ type: 'adopt', data: { from, followers } });
    const life = live([ann, submit], [cora, adopt('n1', 'pam', 'bo')], [cora, adopt('n2', 'bo', 'ann')]);
    expect(viewOf(life).followers).toEqual(['pam', 'bo']);
    expect(life.does(cora, { type: 'unadopt', data: { from: 'n1' } })).toBeNull();
    expect(viewOf(life)).toMatchObject({ followers: ['bo'], adopted: [{ from: 'n2', followers: ['bo', 'ann'] }] });
  });
});

describe('a corrupt stream', () => {
  const life = live(...toDone);
  const [first, second, third] = life.records as [RecordBody, RecordBody, RecordBody];
  const view = foldNeedView(null, first);

  it.each([
    ['a gap', view, third, 'expected seq 2, got 3'],
    ['a repeated record', view, first, 'expected seq 2, got 1'],
    ['a beginning in the middle', null, second, 'expected seq 1, got 2'],
    ['a first event that is no birth', null, { ...second, seq: 1, prevHash: GENESIS_HASH }, 'NeedClaimed before NeedSubmitted'],
    ['a second birth', view, { ...second, type: first.type, data: first.data }, 'NeedSubmitted twice'],
    ["another need's record", view, { ...second, entity: 'other' }, 'a record of other'],
    ["another aggregate's record", null, { ...first, aggregate: 'unit-year' }, 'a record of unit-year'],
    ['a broken link', view, { ...second, prevHash: 'f'.repeat(64) }, 'does not follow'],
    ['a beginning that follows something', null, { ...first, prevHash: 'f'.repeat(64) }, 'does not follow'],
    ['an event that the stage cannot have', view, { ...second, type: 'NeedDone' }, 'NeedDone in submitted'],
    ['an unknown event', view, { ...second, type: 'NeedForgotten' }, 'unreachable'],
  ])('is noticed: %s', (_, before, record, message) => {
    expect(() => foldNeedView(before, record)).toThrow(message);
  });
  it('does not bring foreign fields into the document', () => {
    const amended = { ...second, type: 'NeedAmended', data: { title: 'new', stage: 'done', hacked: true } };
    expect(foldNeedView(view, amended)).toMatchObject({ title: 'new', stage: 'submitted' });
    expect(Object.keys(foldNeedView(view, amended))).toEqual(Object.keys(view));
  });
});

describe('an item of a list', () => {
  it('shows no personal field', () => {
    const item = toListItem(viewOf(live(...toDone)), BIRTH);
    expect(item).toEqual({
      needId: NEED_ID,
      number: '240701-3XR4D2-J',
      waitsFor: [
        { who: 'residents', names: [], what: 'evaluate' },
        { who: 'community', names: ['Lakeside'], what: 'evaluate' },
      ],
      compound: null,
      seq: 5,
      stage: 'done',
      status: 'awaiting-evaluations',
      title: 'A ramp',
      kind: 'tangible',
      category: null,
      urgency: null,
      scope: null,
      community: 'Lakeside',
      unit: 'Water',
      promisedBy: '2024-07-10T23:59:59.999+08:00',
      round: 1,
      dueAt: '2024-07-06T08:04:00.000+08:00',
      createdAt: BIRTH,
      updatedAt: minute(4),
      light: 'green',
      escalatedTo: 0,
      provisional: false,
      late: false,
    });
  });
});
