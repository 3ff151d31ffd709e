import { beforeEach, describe, expect, it } from '@jest/globals';
import { IN_A_CROWD, KeySetUnavailable, type EntityAnswer, type CommandRequest, type Verified } from '@qiyue/edge';
import type { IncomingMessage } from '@qiyue/platform';
import { toShanghaiIso } from '@qiyue/engine';
import { need } from '@qiyue/need';
import { CommandIntake, type IntakePorts } from './command-intake';

const TAKEN = Date.UTC(2026, 2, 2, 10, 0, 7);
const RECEIVED = TAKEN - 12_000;
const value = JSON.stringify({ specversion: '1.0', id: 'k-1', source: '/t', type: 'qiyue.need.claim.v1', subject: 'n1', data: {} });
const message: IncomingMessage = { topic: 't', partition: 0, offset: '0', key: 'n1', value, headers: {}, timestampMs: TAKEN };
const GOOD: Verified = { ok: true, actor: { id: 'd', role: 'department', unit: '住建局' }, scopes: null, duties: [], endsAtMs: null };
const ACCEPTED = { kind: 'accepted' } as EntityAnswer;

describe('the intake', () => {
  let given: CommandRequest[];
  let shownAt: (Date | undefined)[];
  let dead: string[];
  let parked: string[];
  beforeEach(() => {
    [given, shownAt, dead, parked] = [[], [], [], []];
  });

  const intakeOf = (verify: () => Promise<Verified>): CommandIntake => {
    const ports: IntakePorts = {
      commands: { execute: (request) => (given.push(request), Promise.resolve(ACCEPTED)) },
      tokens: { verify: (_header, at) => (shownAt.push(at), verify()) },
      receipts: { of: () => Promise.resolve(RECEIVED) },
      outcomes: {
        settle: () => Promise.resolve(),
        isDead: (_message, reason) => (dead.push(reason), Promise.resolve()),
        noteDead: () => Promise.resolve(),
      },
      parking: {
        look: () => Promise.resolve({ holds: () => Promise.resolve(false), add: () => undefined } as never),
        isDue: () => Promise.resolve(false),
        park: (_request, _message, why) => (parked.push(why), Promise.resolve(true)),
        noteOutcome: () => undefined,
      },
      denials: { add: () => Promise.resolve() },
      log: { warn: () => undefined },
    };
    return new CommandIntake(ports, need);
  };

  it('gives a command the time at which it was received, and holds its token against that', async () => {
    await intakeOf(() => Promise.resolve(GOOD)).take([message], () => Promise.resolve());
    expect(given.map(({ receivedAt }) => receivedAt)).toEqual([toShanghaiIso(RECEIVED)]);
    expect(shownAt).toEqual([new Date(RECEIVED)]);
  });

  it('waits for the keys of tokens: nobody’s command is dead because they are away', async () => {
    const away = intakeOf(() => Promise.reject(new KeySetUnavailable('away')));
    await expect(away.take([message], () => Promise.resolve())).rejects.toThrow(KeySetUnavailable);
    expect([given, dead]).toEqual([[], []]);
  });

  it.each([
    ['resident', 100],
    ['department', 130],
  ])('takes of what one %s sends at once %d, and has the rest go in its turn', async (role, taken) => {
    const sender: Verified = { ...GOOD, actor: { id: 'one', role, unit: null } };
    const messages = Array.from({ length: 130 }, (_, i) => ({ ...message, key: null, offset: String(i) }));
    await intakeOf(() => Promise.resolve(sender)).take(messages, () => Promise.resolve());
    expect([given.length, parked]).toEqual([taken, Array.from({ length: 130 - taken }, () => IN_A_CROWD)]);
  });

  it('makes a dead letter of a bad token', async () => {
    await intakeOf(() => Promise.resolve({ ok: false, why: 'invalid' })).take([message], () => Promise.resolve());
    expect([given, dead]).toEqual([[], ['unauthenticated']]);
  });
});
