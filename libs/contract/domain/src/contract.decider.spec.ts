import { describe, expect, it } from '@jest/globals';
import { specFor } from '@qiyue/engine-testing';
import { contractDecider, ITEMS_MAX } from './index';
import {
  amended,
  amendmentBy,
  centre,
  closed,
  cora,
  ended,
  ENDS_AT,
  evaluatedBy,
  finished,
  finishedInForce,
  hill,
  inForce,
  ITEMS,
  NOW,
  noticed,
  parties,
  please,
  proposed,
  retimer,
  roads,
  signedBy,
  TABLES,
  tablesWith,
  toForce,
  water,
  withdrawn,
} from './testing/contract.fixtures';

const given = specFor(contractDecider, { now: NOW, tables: TABLES, actor: water });
const byCommunity = { actor: cora };
const usual = please('propose').data;

describe('a proposal', () => {
  it('is made by the unit', () => given().when(please('propose')).then(proposed));
  it('is made by the community as well', () =>
    given()
      .when(please('propose'), byCommunity)
      .then({ ...proposed, data: { ...proposed.data, side: 'community' } }));
  it('is of those that it names, however their names are typed', () => {
    given()
      .when(please('propose'), { actor: { ...water, unit: ' Ｗater ' } })
      .then(proposed);
    given().when(please('propose'), { actor: roads }).thenRefused('not-permitted');
  });
  it.each([
    ['startsOn', { startsOn: '2023-12-31' }],
    ['startsOn', { startsOn: '2024-02-30' }],
    ['endsOn', { endsOn: '2025-01-01' }],
    ['endsOn', { endsOn: '2024-01-07' }],
    ['items', { items: [] }],
    ['items', { items: Array.from({ length: ITEMS_MAX + 1 }, () => ({ title: 't', kind: 'service' as const })) }],
    ['items.0.title', { items: [{ title: ' ', kind: 'service' as const }] }],
    ['items.0.quantity', { items: [{ title: 't', kind: 'service' as const, quantity: 0 }] }],
    ['items.0.dueOn', { items: [{ title: 't', kind: 'service' as const, dueOn: '2024-01-07' }] }],
    ['items.0.dueOn', { items: [{ title: 't', kind: 'service' as const, dueOn: '2025-01-01' }] }],
    ['items.0.dueOn', { items: [{ title: 't', kind: 'service' as const, dueOn: '2024-06-31' }] }],
  ])('whose %s does not fit is refused: %j', (field, wrong) => {
    given()
      .when(please('propose', { ...usual, ...wrong }))
      .thenRefused('invalid-body', { field });
  });
  it('of what is over is too late', () => {
    given().when(please('propose'), { now: ENDS_AT }).thenRefused('too-late', { until: ENDS_AT });
    given().when(please('propose'), { now: '2024-12-31T23:59:59.999+08:00' }).thenAccepted();
  });
});

describe('signing', () => {
  it('is once for each side, in any order, and the second brings it into force with every item named', () => {
    given(proposed).when(please('sign')).then(signedBy('unit'));
    given(proposed, signedBy('unit')).when(please('sign'), byCommunity).then(signedBy('community'), inForce);
    given(proposed, signedBy('community')).when(please('sign')).then(signedBy('unit'), inForce);
    given(proposed, signedBy('unit')).when(please('sign')).thenRefused('already-signed', { side: 'unit' });
  });
  it('waits for an amendment to be settled', () => {
    given(proposed, amendmentBy('community')).when(please('sign')).thenRefused('amendment-pending', { side: 'community' });
  });
  it('is not to be, when either side withdraws', () => {
    given(proposed, signedBy('unit')).when(please('withdraw')).then(withdrawn);
    given(proposed)
      .when(please('withdraw'), byCommunity)
      .then({ ...withdrawn, data: { ...withdrawn.data, side: 'community' } });
  });
});

describe('an amendment', () => {
  it('needs the other side', () => {
    given(...toForce)
      .when(please('amend'))
      .then(amendmentBy('unit'));
    given(...toForce, amendmentBy('unit'))
      .when(please('agree-amendment'))
      .thenRefused('own-amendment');
    given(...toForce, amendmentBy('unit'))
      .when(please('agree-amendment'), byCommunity)
      .then(amended('in-force'));
  });
  it('is one at a time', () => {
    given(...toForce, amendmentBy('unit'))
      .when(please('amend'), byCommunity)
      .thenRefused('amendment-pending');
  });
  it('is declined by the other side, or taken back', () => {
    for (const actor of [water, cora])
      given(...toForce, amendmentBy('unit'))
        .when(please('decline-amendment'), { actor })
        .then({ type: 'AmendmentDeclined', data: { ...parties, side: actor === water ? 'unit' : 'community', reason: 'no' } });
  });
  it('makes signatures void while the contract is not in force', () => {
    given(proposed, signedBy('unit'), amendmentBy('community'), amended('proposed')).when(please('sign')).then(signedBy('unit'));
  });
  it('gives new items numbers that never were, and says which are gone', () => {
    const [, lectures] = ITEMS;
    const { itemId: _, ...content } = lectures ?? ITEMS[0] ?? { itemId: '', title: '', kind: 'service' as const };
    const changed = [
      { ...content, title: 'Films' },
      { itemId: 'i2', ...content },
    ];
    const items = [
      { itemId: 'i3', ...content, title: 'Films' },
      { itemId: 'i2', ...content },
    ];
    const { duties: _duties, ...data } = amendmentBy('unit').data;
    given(...toForce)
      .when(please('amend', { items: changed, reason: 'no contact' }))
      .then({ type: 'AmendmentProposed', data: { ...data, items } });
    const agreed = amended('in-force', { items, droppedItems: ['i1'] });
    given(...toForce, { type: 'AmendmentProposed', data: { ...data, items } })
      .when(please('agree-amendment'), byCommunity)
      .then(agreed);
    given(...toForce, agreed)
      .when(please('amend', { items: [{ itemId: 'i1', ...content }], reason: 'r' }))
      .thenRefused('no-such-item', { itemId: 'i1' });
  });
  it('leaves what is finished as it was agreed', () => {
    const past = [...toForce, finished('i1')];
    given(...past)
      .when(please('amend', { items: ITEMS.slice(1), reason: 'r' }))
      .thenRefused('item-finished', { itemId: 'i1' });
    given(...past)
      .when(please('amend', { items: [{ itemId: 'i1', title: 'Fewer lights', kind: 'tangible' }], reason: 'r' }))
      .thenRefused('item-finished', { itemId: 'i1' });
    given(...toForce, amendmentBy('unit', { items: ITEMS.slice(1) }), finished('i1'))
      .when(please('agree-amendment'), byCommunity)
      .thenRefused('item-finished', { itemId: 'i1' });
  });
  it('says something, of items that there are, and each once', () => {
    given(...toForce)
      .when(please('amend', { reason: 'r' }))
      .thenRefused('nothing-to-amend');
    for (const items of [[{ itemId: 'i9', title: 't', kind: 'service' as const }], [...ITEMS.slice(0, 1), ...ITEMS.slice(0, 1)]])
      given(...toForce)
        .when(please('amend', { items, reason: 'r' }))
        .thenRefused('no-such-item');
  });
  it('of the last day moves the end, not into the past and not before an item is due', () => {
    given(...toForce)
      .when(please('amend', { endsOn: '2024-06-30', reason: 'r' }))
      .thenRefused('invalid-body', { field: 'items.0.dueOn' });
    given(...toForce)
      .when(please('amend', { endsOn: '2024-10-31', reason: 'r' }), { now: '2024-11-01T00:00:00.000+08:00' })
      .thenRefused('too-late', { until: '2024-11-01T00:00:00.000+08:00' });
    const later = amendmentBy('unit', { endsOn: '2024-10-31' });
    const [change, moved] = given(...toForce, later)
      .when(please('agree-amendment'), byCommunity)
      .thenAccepted();
    expect(change).toMatchObject({ type: 'ContractAmended', data: { endsOn: '2024-10-31', endsAt: '2024-11-01T00:00:00.000+08:00' } });
    expect(moved).toMatchObject({ type: 'DeadlineMoved', data: { cause: 'amended', oldDueAt: ENDS_AT, dueAt: '2024-11-01T00:00:00.000+08:00' } });
    given(...toForce, later)
      .when(please('agree-amendment'), { ...byCommunity, now: '2024-11-01T00:00:00.000+08:00' })
      .thenRefused('too-late');
  });
});

describe('an evaluation', () => {
  const item = (itemId: string, score: 1 | 4 = 4) => please('evaluate', { side: 'unit', score, itemId });
  it('of an item comes when it is finished, once from each side', () => {
    given(...toForce)
      .when(item('i1'))
      .thenRefused('item-not-finished', { itemId: 'i1' });
    given(...toForce)
      .when(item('i9'))
      .thenRefused('no-such-item');
    given(...toForce, finished('i1'))
      .when(item('i1'))
      .then(evaluatedBy('unit', 'i1'));
    given(...toForce, finished('i1'), evaluatedBy('unit', 'i1'))
      .when(item('i1', 1))
      .thenRefused('already-evaluated', { side: 'unit', itemId: 'i1' });
  });
  it('is never for the other side', () => {
    given(...toForce, finished('i1'))
      .when(item('i1'), byCommunity)
      .thenRefused('not-permitted');
  });
  it('of the contract comes when it has ended, and the last one closes it', () => {
    given(...toForce)
      .when(please('evaluate'))
      .thenRefused('not-ended', { until: ENDS_AT });
    given(...toForce, ended())
      .when(please('evaluate'))
      .then(evaluatedBy('unit'));
    given(...toForce, ended(), evaluatedBy('community'))
      .when(please('evaluate'))
      .then(evaluatedBy('unit'), closed('evaluated'));
    given(...toForce, ended(), evaluatedBy('unit'))
      .when(please('evaluate'))
      .thenRefused('already-evaluated');
  });
  it('of what was finished is waited for too', () => {
    const past = [...toForce, finished('i1'), ended(['i2']), evaluatedBy('community'), evaluatedBy('community', 'i1'), evaluatedBy('unit')];
    given(...past)
      .when(item('i1'))
      .then(evaluatedBy('unit', 'i1'), closed('evaluated'));
  });
  it('keeps what there is to say', () => {
    given(...toForce, ended())
      .when(please('evaluate', { side: 'unit', score: 4, comment: 'well kept' }))
      .then({ type: 'SideEvaluated', data: { ...evaluatedBy('unit').data, comment: 'well kept' } });
  });
});

describe('an item', () => {
  it('is finished once, by either side', () => {
    given(...toForce)
      .when(please('finish-item'), byCommunity)
      .then(finishedInForce('i1', 'community'));
    given(...toForce)
      .when(please('finish-item'), { ...byCommunity, tables: {} })
      .then(finished('i1', 'community'));
    given(...toForce, ended())
      .when(please('finish-item'), byCommunity)
      .then(finished('i1', 'community'));
    given(...toForce, finished('i1'))
      .when(please('finish-item'))
      .thenRefused('item-finished', { itemId: 'i1' });
    given(...toForce)
      .when(please('finish-item', { itemId: 'i9' }))
      .thenRefused('no-such-item');
  });
});

describe('notice of termination', () => {
  it('takes effect when it is over, as long as the policy says', () => {
    given(...toForce)
      .when(please('terminate'))
      .then(noticed);
    given(...toForce)
      .when(please('terminate'), { tables: tablesWith({ noticeDays: 30 }) })
      .then({ ...noticed, data: { ...noticed.data, effectiveAt: '2024-02-08T00:00:00.000+08:00' } });
  });
  it('never runs longer than the contract', () => {
    given(...toForce)
      .when(please('terminate'), { now: '2024-12-30T09:00:00.000+08:00' })
      .then({ ...noticed, data: { ...noticed.data, effectiveAt: ENDS_AT } });
  });
});

describe('a project of a contract', () => {
  it('is planned by one of its sides, for the same two, of an item that it has', () => {
    const by = { role: 'department', unit: 'Water' };
    const vouching = (data: object) =>
      given(...toForce).when(please('vouch', { by, unit: 'Water', community: 'Lakeside', ...data }), { actor: retimer });
    vouching({ itemId: 'i1' }).thenNothing();
    vouching({ by: { role: 'community', unit: 'Lakeside' } }).thenNothing();
    for (const other of [roads, hill, centre, { ...cora, unit: 'Water' }]) vouching({ by: other }).thenRefused('not-permitted');
    vouching({ unit: ' Water ' }).thenNothing();
    vouching({ unit: 'Roads' }).thenRefused('other-parties');
    vouching({ community: 'Hillside' }).thenRefused('other-parties');
    vouching({ itemId: 'i3' }).thenRefused('no-such-item', { itemId: 'i3' });
  });
});
