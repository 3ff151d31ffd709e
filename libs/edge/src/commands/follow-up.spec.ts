import { beforeEach, describe, expect, it } from '@jest/globals';
import { GENESIS_HASH, sealRecord, type Outcome, type Reaction } from '@qiyue/engine';
import type { AnyAggregate } from '@qiyue/aggregate';
import { toLedgerDocument, type Command, type GatewayAnswer, type LedgerDocument } from '@qiyue/engine-runtime';
import { entityAnswerOf, type EntityAnswer } from './entity-answer';
import { FollowUp } from './follow-up';

const ENTITY = '0123456789abcdefghjkmnpqrs';
const CLOSE: Command = {
  ...{ commandId: 'c2', aggregate: 'need', entity: ENTITY, type: 'close', data: {}, actor: { id: 'ann', role: 'community', unit: null } },
  ...{ channel: 'http', receivedAt: '2024-07-01T08:00:02.000+08:00', fingerprint: 'f', starts: false },
};
const COUNT: Reaction = {
  name: 'count',
  on: ['Noted'],
  commands: (_event, { entity }) => [
    { aggregate: 'need', entity, type: 'count', data: {} },
    { aggregate: 'need', entity: 'another', type: 'hear', data: {} },
    { aggregate: 'need', entity, type: 'tell', data: {} },
  ],
};
const recordAt = (seq: number): LedgerDocument =>
  toLedgerDocument(
    sealRecord({
      ...{ v: 1, aggregate: 'need', entity: ENTITY, seq, type: 'Noted', time: `2024-07-01T08:00:0${seq}.000+08:00`, data: {} },
      ...{ actor: CLOSE.actor, commandId: `c${seq}`, prevHash: GENESIS_HASH },
    }),
  );
const outcome = (seq: number, status: 'accepted' | 'refused' = 'accepted'): GatewayAnswer => ({
  kind: 'outcome',
  outcome: { status, entity: ENTITY, seq, summary: { stage: `at ${seq}` }, refusal: { code: 'wrong-stage' } } as Outcome,
  appended: Promise.resolve(null),
  hash: null,
});
const ANSWERED = entityAnswerOf(outcome(2));

describe('what follows from a command at its own entity', () => {
  let ledger: readonly LedgerDocument[];
  let given: Command[];
  let answers: GatewayAnswer[];
  beforeEach(() => {
    [ledger, given, answers] = [[recordAt(1), recordAt(2)], [], [outcome(3), outcome(4)]];
  });

  const behind = (reaction: Reaction | null, answer: EntityAnswer = ANSWERED, command = CLOSE, giveUpAtMs = Date.now() + 5_000) => {
    const aggregate = {
      decider: { aggregate: 'need', startsWith: 'begin' },
      commands: { close: reaction === null ? {} : { answeredBehind: reaction.name } },
      reactions: reaction === null ? [COUNT] : [reaction],
    } as unknown as AnyAggregate;
    const followUp = new FollowUp(new Map([['need', aggregate]]), {
      gateway: { execute: async (next) => (given.push(next), answers.shift() ?? { kind: 'unknown' }) },
      store: { stream: async (_, from = 1, to = Infinity) => ledger.filter(({ seq }) => seq >= from && seq <= to) },
      open: async (_, texts) => texts,
    });
    return followUp.behind(command, answer, giveUpAtMs);
  };

  it('is given at once, in order, under the ids of the reaction, and answered with the standing behind all of it', async () => {
    expect(await behind(COUNT)).toMatchObject({ kind: 'accepted', seq: 4, summary: { stage: 'at 4' } });
    expect(given.map(({ commandId, entity, type }) => [commandId, entity, type])).toEqual([
      [`system:${ENTITY}:2/count`, ENTITY, 'count'],
      [`system:${ENTITY}:2/count/3`, ENTITY, 'tell'], // what goes to others is theirs who run reactions
    ]);
    expect(given[0]).toMatchObject({ actor: { id: 'reaction', role: 'system' }, receivedAt: '2024-07-01T08:00:02.000+08:00' });
  });

  it('begins when the record is in the ledger', async () => {
    const all = ledger;
    ledger = [];
    const appended = Promise.resolve().then(() => ((ledger = all), null));
    expect(await behind(COUNT, { ...ANSWERED, appended } as EntityAnswer)).toMatchObject({ seq: 4 });
  });

  it('ends with the first that is refused or not known in time: the answer is that of before', async () => {
    answers = [outcome(3), outcome(3, 'refused')];
    expect(await behind(COUNT)).toMatchObject({ kind: 'accepted', seq: 3 });
    answers = [{ kind: 'unknown' }];
    expect(await behind(COUNT)).toEqual(ANSWERED);
    expect(given.length).toBe(3);
  });

  it.each([
    ['of which the command says nothing', null],
    ['to another event', { ...COUNT, on: ['Other'] }],
    ['that breaks', { ...COUNT, commands: () => [{ aggregate: 'cellar', entity: ENTITY, type: 'count', data: {} }] }],
    ['whose keys are away', { ...COUNT, aside: () => Promise.reject(new Error('no keys')) }],
  ])('is left to those who run reactions where it is one %s', async (_, reaction) => {
    expect([await behind(reaction), given]).toEqual([ANSWERED, []]);
  });

  it('is nothing where the command was not accepted, or where the ledger has no record of it yet', async () => {
    const refused = entityAnswerOf(outcome(2, 'refused'));
    expect([await behind(COUNT, refused), given]).toEqual([refused, []]);
    ledger = ledger.slice(0, 1);
    expect([await behind(COUNT), given]).toEqual([ANSWERED, []]);
  });
});
