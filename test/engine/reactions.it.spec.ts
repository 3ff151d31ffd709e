import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StandingMessages } from '@qiyue/edge';
import {
  CommandLog,
  ParkedReactions,
  ReactionProgress,
  RefusedReactions,
  REWRITTEN,
  skipReaction,
  type LedgerStore,
  type Stuck,
} from '@qiyue/engine-runtime';
import { eventually, freshStore, notedStream } from '@qiyue/testkit';

const commandOf = (source: string) => ({ commandId: `system:${source}:1/release`, aggregate: 'account', entity: 'a1', type: 'release' });
const stuckAt = (source: string, more: Partial<Stuck> = {}): Stuck => ({ seq: 1, why: 'lost', command: commandOf(source), ...more });

describe('what the runners of reactions share', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  let parked: ParkedReactions;
  let refused: RefusedReactions;
  let progress: ReactionProgress;
  beforeAll(async () => {
    ({ store, drop } = await freshStore());
    [parked, refused, progress] = [new ParkedReactions(store.db), new RefusedReactions(store.db), new ReactionProgress(store.db)];
    await refused.ensureIndexes();
  });
  afterAll(() => drop());
  beforeEach(async () => {
    for (const name of ['parkedReactions', 'refusedReactions', 'reactionProgress', 'ledger']) await store.db.collection(name).deleteMany({});
  });
  const park = (source: string, upTo = 1, stuck = stuckAt(source)) => parked.park({ _id: source, aggregate: 'need', upTo }, stuck);
  const skip = (source: string) => skipReaction({ parked, refused, progress, ledger: store, commandLog: new CommandLog(store) }, source);

  describe('a source that is parked', () => {
    it('is gone on with by one process at a time, and by none of an older release that does not know its kind', async () => {
      await park('n1');
      expect([await parked.due(['need'], 10), await parked.due(['account'], 10), await parked.due([], 10)]).toEqual([['n1'], [], []]);
      const leases = await Promise.all(['one', 'two', 'three'].map((who) => parked.lease('n1', who)));
      const [held, ...others] = leases.filter((row) => row !== null);
      expect([held?._id, others, await parked.due(['need'], 10)]).toEqual(['n1', [], []]);
      expect(await parked.renew('n1', 'somebody else')).toBeNull();
      await parked.putBack('n1', held?.lease?.by ?? '', stuckAt('n1', { seq: 2, why: 'busy' }), 60_000);
      expect(await parked.find('n1')).toMatchObject({ seq: 2, why: 'busy', attempts: 1 });
      expect(await parked.due(['need'], 10)).toEqual([]);
      expect([await parked.retryNow('n1'), await parked.retryNow('n2')]).toEqual([true, false]);
      expect(await parked.due(['need'], 10)).toEqual(['n1']);
    });

    it('is taken over when the process that has it is gone', async () => {
      await park('n1');
      await parked.lease('n1', 'one');
      await store.db.collection<{ _id: string }>('parkedReactions').updateOne({ _id: 'n1' }, { $set: { 'lease.until': new Date(0) } });
      expect(await parked.lease('n1', 'two')).toMatchObject({ lease: { by: 'two' } });
      expect([await parked.remove('n1', 'one', 1), await parked.remove('n1', 'two', 1), await parked.count()]).toEqual([false, true, 0]);
    });

    it('is not let go while something of it has come meanwhile', async () => {
      await park('n1');
      await parked.lease('n1', 'one');
      expect([await parked.standBehind('n1', 3), await parked.standBehind('n1', 2), await parked.standBehind('n2', 1)]).toEqual([true, true, false]);
      expect([await parked.remove('n1', 'one', 1), await parked.remove('n1', 'one', 3)]).toEqual([false, true]);
      expect(await parked.standBehind('n1', 4)).toBe(false);
    });

    it('keeps since when it waits, and waits for its newest trouble', async () => {
      await park('n1');
      const { parkedAt } = (await parked.find('n1'))!;
      await park('n1', 5, stuckAt('n1', { seq: 4, why: 'link', command: null }));
      expect(await parked.find('n1')).toMatchObject({ parkedAt, seq: 4, why: 'link', command: null, upTo: 5, attempts: 0 });
      expect([...(await parked.among(['n1', 'n2']))]).toEqual(['n1']);
    });
  });

  describe('progress', () => {
    it('never goes back, whoever is behind', async () => {
      await Promise.all([3, 1, 2].map((seq) => progress.note('n1', 'need', { seq, hash: `h${seq}` })));
      expect([...(await progress.of(['n1', 'n2']))]).toEqual([['n1', { seq: 3, hash: 'h3' }]]);
    });
  });

  describe('a reaction that was refused', () => {
    const source = { aggregate: 'need', entity: 'n1', seq: 1 };
    const row = { _id: commandOf('n1').commandId, source, reaction: 'release', command: commandOf('n1'), why: 'wrong-stage' };

    it('stays as an operator has left it when it comes again', async () => {
      for (const why of ['wrong-stage', 'other']) await refused.note({ ...row, why });
      expect((await refused.list()).map(({ why }) => why)).toEqual(['wrong-stage']);
      expect([await refused.acknowledge(row._id), await refused.acknowledge(row._id)]).toEqual([true, false]);
      await refused.note(row);
      expect([await refused.count(), (await refused.find(row._id))?.state]).toEqual([0, 'acknowledged']);
    });

    it('is not made again, but one that broke is', async () => {
      const broken = { ...row, _id: `${row._id}/broken`, command: null };
      await refused.note(row);
      await refused.note(broken);
      expect([await refused.askAgain(row._id), await refused.askAgain(broken._id)]).toEqual([false, true]);
      expect([await refused.askedAgain(['account'], 10), (await refused.askedAgain(['need'], 10)).map(({ _id }) => _id)]).toEqual([[], [broken._id]]);
      await refused.putBack(broken._id, 'lost', 60_000);
      expect(await refused.askedAgain(['need'], 10)).toEqual([]);
      await refused.isDone(broken._id);
      expect((await refused.list()).map(({ _id }) => _id)).toEqual([row._id]);
    });
  });

  describe('what an operator gives up', () => {
    it('is busy while it is tried, and is left alone when no command waits', async () => {
      await park('n1');
      await parked.lease('n1', 'one');
      expect([await skip('n1'), await skip('n2')]).toEqual(['busy', null]);
      await park('n3', 1, stuckAt('n3', { why: 'link', command: null }));
      expect(await skip('n3')).toBe('nothing-to-skip');
      expect((await parked.lease('n3', 'one'))?._id).toBe('n3'); // whoever runs it is not held up
    });

    it('is passed by for ever, and its source is due at once', async () => {
      await park('n1');
      await parked.putBack('n1', (await parked.lease('n1', 'one'))?.lease?.by ?? '', stuckAt('n1'), 60_000);
      expect(await skip('n1')).toMatchObject({ _id: 'n1' });
      const { commandId } = commandOf('n1');
      expect([...(await refused.skippedAmong([commandId, 'else']))]).toEqual([commandId]);
      expect(await refused.find(commandId)).toMatchObject({ reaction: 'release', source: { aggregate: 'need', entity: 'n1', seq: 1 } });
      expect(await store.commands.findOne({ _id: commandId })).toMatchObject({ state: 'dead', code: 'skipped', entity: 'a1' });
      expect([await refused.count(), await parked.due(['need'], 10)]).toEqual([0, ['n1']]);
    });

    it.each([
      ['a record that took the place of the one that was reacted to', 3, 2, 2],
      ['an end before what was reacted to', 2, 5, 2],
      ['nothing of it any more', 0, 5, null],
    ])('may be a history that is not there any more: the source goes on behind %s', async (_, records, reacted, goesOn) => {
      const stream = notedStream('n1', records);
      if (stream.length > 0) await store.insertInOrder(stream);
      await progress.note('n1', 'need', { seq: reacted, hash: 'e'.repeat(64) });
      await park('n1', 3, stuckAt('n1', { why: REWRITTEN, command: null }));
      expect(await skip('n1')).toMatchObject({ _id: 'n1' });
      const expected = goesOn === null ? undefined : { seq: goesOn, hash: stream[goesOn - 1]?.hash };
      expect((await progress.of(['n1'])).get('n1')).toEqual(expected);
    });
  });

  it('is listed among all that stands aside, and found there', async () => {
    const messages = new StandingMessages(store.db);
    await park('n1');
    await refused.note({
      ...{ _id: commandOf('n2').commandId, source: { aggregate: 'need', entity: 'n2', seq: 7 } },
      ...{ reaction: 'release', command: commandOf('n2'), why: 'full' },
    });
    const listed = await messages.list();
    expect(listed.map(({ id, state, topic, entity, seq, commandId, why }) => [id, state, topic, entity, seq, commandId, why]).sort()).toEqual([
      ['reaction:n1', 'reaction-parked', 'qiyue.need.events', 'n1', 1, 'system:n1:1/release', 'lost'],
      ['system:n2:1/release', 'reaction-refused', 'qiyue.need.events', 'n2', 7, 'system:n2:1/release', 'full'],
    ]);
    for (const message of listed) expect(await messages.find(message.id)).toEqual(message);
    await messages.acknowledgeReaction('system:n2:1/release');
    await eventually('only one to be left', async () => (await messages.list()).length === 1);
    expect([await messages.find('reaction:n9'), await messages.find('system:x')]).toEqual([null, null]);
  });
});
