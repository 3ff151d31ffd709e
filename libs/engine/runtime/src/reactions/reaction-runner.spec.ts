import { beforeEach, describe, expect, it } from '@jest/globals';
import { GENESIS_HASH, sealRecord, type AnyDecider, type Outcome, type Reaction, type RecordBody } from '@qiyue/engine';
import type { Command, GatewayAnswer } from '../commands/gateway-answer';
import type { ReceivedRecord } from '../feed/cloud-event';
import { toLedgerDocument, type LedgerDocument } from '../ledger/documents';
import { ReactionCommands } from './reaction-commands';
import type { Stuck } from './parked-reactions';
import { ReactionRunner } from './reaction-runner';
import type { Reacted } from './reaction-progress';
import type { RefusedReaction } from './refused-reactions';

const FREED: Reaction = {
  name: 'free',
  on: ['Dropped'],
  commands: (_event, { entity }) => [{ aggregate: 'shelf', entity: `shelf-of-${entity}`, type: 'free', data: {} }],
};
const decider = (aggregate: string, more: Partial<AnyDecider> = {}) => ({ aggregate, startsWith: 'begin', ...more }) as unknown as AnyDecider;

/** Records of one source of these types, each with what else its body says. */
const streamOf = (entity: string, types: readonly (string | readonly [string, Partial<RecordBody>])[]): LedgerDocument[] => {
  const documents: LedgerDocument[] = [];
  for (const [i, each] of types.entries()) {
    const [type, more] = typeof each === 'string' ? [each, {}] : each;
    const body = {
      ...{ v: 1 as const, aggregate: 'book', entity, seq: i + 1, type, time: `2024-07-01T08:00:0${i}.000+08:00`, data: { n: i + 1 } },
      ...{ actor: { id: 'ann', role: 'reader', unit: null }, commandId: `c${i}`, prevHash: documents.at(-1)?.hash ?? GENESIS_HASH, ...more },
    };
    documents.push(toLedgerDocument(sealRecord(body)));
  }
  return documents;
};
const received = ({ canonical, hash }: LedgerDocument): ReceivedRecord => ({ body: JSON.parse(canonical) as RecordBody, hash });
const refusal = (code: string): GatewayAnswer => answered({ status: 'refused', entity: 'x', seq: 1, summary: {}, refusal: { code } });
const answered = (outcome: Outcome): GatewayAnswer => ({ kind: 'outcome', outcome, appended: Promise.resolve(null), hash: null });
const ACCEPTED = answered({ status: 'accepted', entity: 'x', seq: 1, summary: {} });
const alive = () => Promise.resolve();

describe('the reactions to records', () => {
  let ledger: Map<string, readonly LedgerDocument[]>;
  let progress: Map<string, Reacted>;
  let parked: Map<string, Stuck & { upTo: number }>;
  let refused: Map<string, Pick<RefusedReaction, 'why' | 'command' | 'fault'>>;
  let skipped: Set<string>;
  let known: Map<string, { readonly fingerprint: string; readonly outcome?: Outcome }>;
  let given: Command[];
  let unsound: string[];
  let said: object[];
  let answerOf: (command: Command) => GatewayAnswer;
  let parkAfter: (answer: string) => boolean;
  beforeEach(() => {
    [ledger, progress, parked, refused, skipped, given, unsound, said] = [new Map(), new Map(), new Map(), new Map(), new Set(), [], [], []];
    known = new Map();
    answerOf = () => ACCEPTED;
    parkAfter = () => true;
  });

  const runnerOf = (reactions: readonly Reaction[], source: Partial<AnyDecider> = {}, isServerAway = (_error: unknown) => false): ReactionRunner => {
    const commands = new ReactionCommands({
      gateway: { execute: async (command) => (given.push(command), answerOf(command)) },
      store: { commands: { findOne: async ({ _id }: { _id: string }) => known.get(_id) ?? null } as never },
      parking: { noteOutcome: () => undefined, isDue: (answer) => Promise.resolve(parkAfter(answer)) },
      isServerAway,
      tablesFor: (aggregate) => ({ of: aggregate }),
    });
    const stream = async (entity: string, from = 1, to = Infinity) => (ledger.get(entity) ?? []).filter(({ seq }) => seq >= from && seq <= to);
    const find = ({ _id: { $in: ids } }: { _id: { $in: readonly string[] } }) => ({
      toArray: () => Promise.resolve([...ledger.values()].flat().filter(({ _id }) => ids.includes(_id))),
    });
    return new ReactionRunner(
      [
        { decider: decider('book', source), reactions },
        { decider: decider('shelf'), startedBy: ['place'], reactions: [] },
      ],
      {
        commands,
        ledger: { stream, noteUnsound: async ({ kind }) => void unsound.push(kind), ledger: { find } as never },
        progress: { of: async () => new Map(progress), note: async (entity, _aggregate, reacted) => void progress.set(entity, reacted) },
        parked: {
          among: async () => new Set(parked.keys()),
          standBehind: async (entity, seq) => {
            const row = parked.get(entity);
            if (row !== undefined) row.upTo = Math.max(row.upTo, seq);
            return row !== undefined;
          },
          park: async ({ _id, upTo }, stuck) => void parked.set(_id, { ...stuck, upTo }),
        },
        log: { error: (what) => void said.push(what) },
        refused: {
          note: async ({ _id, why, command, fault }) => void refused.set(_id, { why, command, ...(fault && { fault }) }),
          skippedAmong: async (ids) => new Set(ids.filter((id) => skipped.has(id))),
        },
      },
    );
  };
  const take = (runner: ReactionRunner, ...documents: readonly (LedgerDocument | undefined)[]) =>
    runner.take(
      documents.map((document) => received(document as LedgerDocument)),
      alive,
    );
  const idsGiven = () => given.map(({ commandId }) => commandId);
  const write = (entity: string, ...types: Parameters<typeof streamOf>[1]) => {
    const stream = streamOf(entity, types);
    ledger.set(entity, stream);
    return stream;
  };

  it('wait, parked by why, while what they need beside the record cannot be worked out, and are given with it then', async () => {
    const [, dropped] = write('b1', 'Lent', 'Dropped');
    let isAway = true;
    const aside: Reaction['aside'] = ({ records }) => (isAway ? Promise.reject(new TypeError('no keys')) : Promise.resolve({ seen: records.length }));
    const runner = runnerOf([
      {
        ...FREED,
        aside,
        commands: (event, record, found) => FREED.commands(event, record).map((one) => ({ ...one, data: { found: found ?? null } })),
      },
    ]);
    await take(runner, dropped);
    expect([given, parked.get('b1')]).toEqual([[], expect.objectContaining({ seq: 2, why: 'TypeError', command: null })]);
    isAway = false;
    expect(await runner.goOn({ _id: 'b1', aggregate: 'book', upTo: 2 }, { alive, once: true })).toBeNull();
    expect(given).toEqual([expect.objectContaining({ data: { found: { seen: 2 } } })]);
  });

  it('are commands of nobody, received when the event happened, under ids that follow from it', async () => {
    const [, dropped] = write('b1', 'Lent', 'Dropped');
    await take(runnerOf([FREED]), dropped);
    expect(given).toEqual([
      expect.objectContaining({
        ...{ commandId: 'system:b1:2/free', aggregate: 'shelf', entity: 'shelf-of-b1', type: 'free', data: {}, starts: false },
        ...{ actor: { id: 'reaction', role: 'system', unit: null }, channel: 'system', receivedAt: '2024-07-01T08:00:01.000+08:00' },
      }),
    ]);
    expect(progress.get('b1')?.seq).toBe(2);
  });

  it('come in order of seq, with what the topic left out taken from the ledger', async () => {
    const stream = write('b1', 'Dropped', 'Dropped', 'Lent', 'Dropped');
    await take(runnerOf([FREED]), stream[3], stream[0]);
    expect(idsGiven()).toEqual(['system:b1:1/free', 'system:b1:2/free', 'system:b1:4/free']);
  });

  it('are given once, however often the topic is read', async () => {
    const stream = write('b1', 'Dropped', 'Lent');
    const runner = runnerOf([FREED]);
    for (const documents of [stream, stream, stream.slice(0, 1)]) await take(runner, ...documents);
    expect([idsGiven(), parked.size]).toEqual([['system:b1:1/free'], 0]);
  });

  it('are given again, under the same ids, where a crash has left progress behind', async () => {
    const [first] = write('b1', 'Dropped');
    await take(runnerOf([FREED]), first);
    progress.clear();
    await take(runnerOf([FREED]), first);
    expect(idsGiven()).toEqual(['system:b1:1/free', 'system:b1:1/free']);
    expect(given[0]).toEqual(given[1]);
  });

  it('are none to records from before their rules', async () => {
    const stream = write('b1', 'Dropped', ['Dropped', { rules: 2 }]);
    await take(runnerOf([{ ...FREED, since: 2 }], { rules: 2 }), ...stream);
    expect(idsGiven()).toEqual(['system:b1:2/free']);
  });

  it('number their commands, and hand tables to one that starts an entity', async () => {
    const many: Reaction = {
      ...FREED,
      commands: () =>
        ['free', 'begin'].map((type) => ({ aggregate: 'shelf', entity: 's', type, data: {}, ...(type === 'begin' ? { starts: true } : {}) })),
    };
    const [first] = write('b1', 'Dropped');
    await take(runnerOf([many]), first);
    expect(given.map(({ commandId, starts, tables }) => [commandId, starts, tables])).toEqual([
      ['system:b1:1/free', false, undefined],
      ['system:b1:1/free/2', true, { of: 'shelf' }],
    ]);
  });

  it('start entities by what starts them among the commands of our own, and give those to one that is there as well', async () => {
    const place = { aggregate: 'shelf', entity: 's', type: 'place', data: {} };
    await take(runnerOf([{ ...FREED, commands: () => [{ ...place, starts: true }, place] }]), ...write('b1', 'Dropped'));
    expect(given.map(({ type, starts }) => [type, starts])).toEqual([
      ['place', true],
      ['place', false],
    ]);
    expect(refused.size).toBe(0);
  });

  it.each([
    ['the rules refuse it', refusal('wrong-phase'), 'wrong-phase'],
    ['its entity never was', { kind: 'not-found' } as const, 'not-found'],
    ['its id has been given to something else', { kind: 'key-reused' } as const, 'key-reused'],
  ])('are noted and passed by when %s', async (_, answer, why) => {
    answerOf = ({ commandId }) => (commandId.includes(':1/') ? answer : ACCEPTED);
    await take(runnerOf([FREED]), ...write('b1', 'Dropped', 'Dropped'));
    const command = { commandId: 'system:b1:1/free', aggregate: 'shelf', entity: 'shelf-of-b1', type: 'free' };
    expect([...refused]).toEqual([['system:b1:1/free', { why, command }]]);
    expect([idsGiven().length, progress.get('b1')?.seq, parked.size]).toEqual([2, 2, 0]);
  });

  it.each([
    ['throws', () => (undefined as unknown as readonly string[]).map(() => ({}) as never)],
    ['names a kind that there is not', () => [{ aggregate: 'cellar', entity: 'x', type: 'free', data: {} }]],
    ['has no JSON form', () => [{ aggregate: 'shelf', entity: 'x', type: 'free', data: { n: NaN } }]],
    ['starts what that command does not start', () => [{ aggregate: 'shelf', entity: 'x', type: 'free', data: {}, starts: true as const }]],
  ])('are noted and passed by when one %s: the others of the record are made', async (_, commands) => {
    await take(runnerOf([{ ...FREED, name: 'bad', commands }, FREED]), ...write('b1', 'Dropped'));
    expect([...refused].map(([id, { command }]) => [id, command])).toEqual([['system:b1:1/bad/broken', null]]);
    expect([idsGiven(), progress.get('b1')?.seq]).toEqual([['system:b1:1/free'], 1]);
  });

  it.each([
    [{ kind: 'unknown' } as const, 'unknown'],
    [{ kind: 'lost' } as const, 'lost'],
    ...['busy', 'diverged', 'quarantined', 'rules-unknown'].map((code) => [refusal(code), code] as const),
  ])('park their source when there is no outcome, and no other: %j', async (answer, why) => {
    answerOf = ({ entity }) => (entity === 'shelf-of-b1' ? answer : ACCEPTED);
    const documents = [...write('b1', 'Dropped', 'Dropped'), ...write('b2', 'Dropped')];
    await take(runnerOf([FREED]), ...documents);
    const command = { commandId: 'system:b1:1/free', aggregate: 'shelf', entity: 'shelf-of-b1', type: 'free' };
    expect([...parked]).toEqual([['b1', { seq: 1, why, command, upTo: 2 }]]);
    expect([progress.has('b1'), progress.get('b2')?.seq, refused.size]).toEqual([false, 1, 0]);
  });

  it('stand behind when their source is parked, and go on from there', async () => {
    const stream = write('b1', 'Dropped', 'Dropped', 'Dropped');
    const runner = runnerOf([FREED]);
    answerOf = () => refusal('busy');
    await take(runner, stream[0]);
    given = [];
    await take(runner, stream[1], stream[2]);
    expect([idsGiven(), parked.get('b1')?.upTo]).toEqual([[], 3]);
    answerOf = () => ACCEPTED;
    expect(await runner.goOn({ _id: 'b1', aggregate: 'book', upTo: 3 }, { alive, once: true })).toBeNull();
    expect([idsGiven(), progress.get('b1')?.seq]).toEqual([['system:b1:1/free', 'system:b1:2/free', 'system:b1:3/free'], 3]);
  });

  it('are waited for while a server is away: nothing is parked, noted or skipped', async () => {
    const away = new Error('away');
    answerOf = () => {
      throw away;
    };
    await expect(
      take(
        runnerOf([FREED], {}, (error) => error === away),
        ...write('b1', 'Dropped'),
      ),
    ).rejects.toBe(away);
    expect([parked.size, refused.size, progress.size]).toEqual([0, 0, 0]);
  });

  it('are tried again until their bound is over', async () => {
    let attempts = 0;
    answerOf = () => ((attempts += 1) < 3 ? { kind: 'unknown' } : ACCEPTED);
    parkAfter = () => attempts >= 3;
    await take(runnerOf([FREED]), ...write('b1', 'Dropped'));
    expect([attempts, parked.size, progress.get('b1')?.seq]).toEqual([3, 0, 1]);
  });

  it('are not sent again when their outcome is known, whatever became of them', async () => {
    const [first, second, third] = write('b1', 'Dropped', 'Dropped', 'Dropped');
    await take(runnerOf([FREED]), first, second);
    const [accepted, turnedDown] = given.map(({ fingerprint }) => ({ fingerprint }));
    const place = { entity: 'x', seq: 1, summary: {} };
    known.set('system:b1:1/free', { ...accepted!, outcome: { status: 'accepted', ...place } });
    known.set('system:b1:2/free', { ...turnedDown!, outcome: { status: 'refused', ...place, refusal: { code: 'full' } } });
    known.set('system:b1:3/free', { fingerprint: 'of something else', outcome: { status: 'accepted', ...place } });
    [given, progress] = [[], new Map()];
    await take(runnerOf([FREED]), first, second, third);
    expect([given, [...refused].map(([id, { why }]) => [id, why])]).toEqual([
      [],
      [
        ['system:b1:2/free', 'full'],
        ['system:b1:3/free', 'key-reused'],
      ],
    ]);
  });

  it('are passed by when an operator has given them up', async () => {
    skipped.add('system:b1:1/free');
    await take(runnerOf([FREED]), ...write('b1', 'Dropped', 'Dropped'));
    expect(idsGiven()).toEqual(['system:b1:2/free']);
  });

  it.each([
    ['a record that newer code has made', 'rules-unknown', [['Dropped', { rules: 2 }]], []],
    ['an event of a newer form', 'rules-unknown', [['Lent', { typeVersion: 2 }]], []],
    ['a record that is not linked to the one before', 'link', ['Lent', ['Dropped', { prevHash: 'f'.repeat(64) }]], ['link']],
    ['a record that is missing', 'gap', ['Lent', ['Dropped', { seq: 3 }]], ['gap']],
  ] as const)('park their source at %s', async (_, why, types, noted) => {
    const [documents, other] = [write('b1', ...types), write('b2', 'Dropped')];
    await take(runnerOf([FREED]), ...documents, ...other);
    expect([[...parked.keys()], parked.get('b1')?.why, unsound]).toEqual([['b1'], why, noted]);
    expect(idsGiven()).toEqual(['system:b2:1/free']);
  });

  it.each([
    ['one more record has come', 1],
    ['nothing has come that is new', 0],
  ])('park a source whose history is not the one that was reacted to: %s', async (_, more) => {
    const [documents] = [write('b1', 'Lent', 'Dropped')];
    progress.set('b1', { seq: 1 + Number(more === 0), hash: 'e'.repeat(64) });
    await take(runnerOf([FREED]), ...documents);
    expect([parked.get('b1')?.why, given.length]).toEqual(['rewritten', 0]);
  });

  it('that broke are told with the reaction, the record, the message and where in the code', async () => {
    const commands = () => (undefined as unknown as readonly string[]).map(() => ({}) as never);
    await take(runnerOf([{ ...FREED, name: 'bad', commands }]), ...write('b1', 'Dropped'));
    const fault = { name: 'TypeError', message: "Cannot read properties of undefined (reading 'map')", at: expect.arrayContaining([]) };
    expect(refused.get('system:b1:1/bad/broken')).toMatchObject({ why: 'TypeError', fault });
    expect(said).toEqual([{ aggregate: 'book', entity: 'b1', seq: 1, reaction: 'bad', ...fault }]);
    const aside = () => Promise.reject(new RangeError('no such day'));
    await take(runnerOf([{ ...FREED, aside }]), ...write('b2', 'Dropped'));
    expect(parked.get('b2')).toMatchObject({ why: 'RangeError', broke: { reaction: 'free', fault: { message: 'no such day' } } });
  });

  it('that broke are made once somebody asks and the bug has gone', async () => {
    write('b1', 'Dropped');
    const row = { source: { aggregate: 'book', entity: 'b1', seq: 1 }, reaction: 'free' };
    const broken: Reaction = { ...FREED, commands: () => [{ aggregate: 'cellar', entity: 'x', type: 'free', data: {} }] };
    expect(await runnerOf([broken]).makeAgain(row)).toMatchObject({ broke: { name: 'TypeError', message: 'free: there is no cellar' } });
    expect(await runnerOf([FREED]).makeAgain(row)).toEqual({});
    expect(await runnerOf([]).makeAgain(row)).toMatchObject({ broke: { name: 'gone' } });
    expect(idsGiven()).toEqual(['system:b1:1/free']);
  });

  it('cannot be taken for one another', () => expect(() => runnerOf([FREED, FREED])).toThrow('two reactions are called free'));
});
