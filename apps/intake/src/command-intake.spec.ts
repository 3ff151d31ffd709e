import { beforeEach, describe, expect, it } from '@jest/globals';
import { KeySetUnavailable, type IncomingMessage, type NeedAnswer, type NeedCommandRequest, type Verified } from '@qiyue/adapters';
import { toShanghaiIso } from '@qiyue/engine';
import { CommandIntake, type IntakePorts } from './command-intake';

const TAKEN = Date.UTC(2026, 2, 2, 10, 0, 7);
const RECEIVED = TAKEN - 12_000;
const value = JSON.stringify({ specversion: '1.0', id: 'k-1', source: '/t', type: 'qiyue.need.claim.v1', subject: 'n1', data: {} });
const message: IncomingMessage = { topic: 't', partition: 0, offset: '0', key: 'n1', value, headers: {}, timestampMs: TAKEN };
const GOOD: Verified = { ok: true, actor: { id: 'd', role: 'department', unit: '住建局' }, scopes: null, duties: [], endsAtMs: null };
const ACCEPTED = { kind: 'accepted' } as NeedAnswer;

describe('the intake', () => {
  let given: NeedCommandRequest[];
  let shownAt: (Date | undefined)[];
  let dead: string[];
  beforeEach(() => {
    [given, shownAt, dead] = [[], [], []];
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
        look: () => Promise.resolve({ holds: () => Promise.resolve(false) } as never),
        isDue: () => Promise.resolve(false),
        park: () => Promise.resolve(true),
        noteOutcome: () => undefined,
      },
      denials: { add: () => Promise.resolve() },
      log: { warn: () => undefined },
    };
    return new CommandIntake(ports);
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

  it('makes a dead letter of a bad token', async () => {
    await intakeOf(() => Promise.resolve({ ok: false, why: 'invalid' })).take([message], () => Promise.resolve());
    expect([given, dead]).toEqual([[], ['unauthenticated']]);
  });
});
