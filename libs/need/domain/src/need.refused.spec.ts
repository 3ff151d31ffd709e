import { describe, expect, it } from '@jest/globals';
import { Entity, fingerprintOf, openRecord, type Actor, type CommandEnvelope } from '@qiyue/engine';
import { needDecider, type NeedCommandType } from './index';
import { ann, centre, cora, please, ramp, residentElsewhere, TABLES, water } from './testing/need.fixtures';

const NEED_ID = '0'.repeat(26);
const BORN = '2024-07-01T09:00:00.000+08:00';
/** The claim of an emergency is due two hours after it came in, and its reminder before that. */
const AHEAD = '2024-07-01T10:59:00.000+08:00';
const WEEKS_AHEAD = '2024-08-15T09:00:00.000+08:00';

const needOf = (urgency: 'emergency' | 'normal', refusedHoldsClock?: () => boolean) => {
  const entity = new Entity(needDecider, NEED_ID, undefined, undefined, undefined, refusedHoldsClock);
  let commands = 0;
  const give = (type: NeedCommandType, actor: Actor, receivedAt: string, data: object = please(type).data): string => {
    const asked = { entity: NEED_ID, type, data: data as CommandEnvelope['data'], actor };
    commands += 1;
    const command = { ...asked, commandId: `c${commands}`, channel: 'kafka' as const, receivedAt, fingerprint: fingerprintOf(asked) };
    const { outcome } = entity.handle(commands === 1 ? { ...command, tables: TABLES } : command);
    return outcome.status === 'refused' ? outcome.refusal.code : 'accepted';
  };
  give('submit', ann, BORN, { ...ramp, urgency });
  const events = () => entity.unconfirmed.flatMap(({ records }) => records.map((record) => openRecord(record).type));
  return { give, events };
};

describe('a command that is refused for role or ownership', () => {
  it.each([
    ['of a role that never may', 'inspect', residentElsewhere],
    ['of another’s need', 'withdraw', residentElsewhere],
    ['of a supervisor', 'claim', { id: 'sue', role: 'supervisor', unit: null }],
  ] as const)('lets no deadline fall due, however far ahead it is stamped: %s', (_, type, actor) => {
    const { give, events } = needOf('emergency');
    expect(give(type, actor, AHEAD)).toBe('not-permitted');
    expect(give(type, actor, WEEKS_AHEAD)).toBe('not-permitted');
    expect(events()).toEqual(['NeedSubmitted']);
    expect(give('claim', water, '2024-07-01T10:10:00.000+08:00')).toBe('accepted');
    expect(events().at(-1)).toBe('NeedClaimed');
  });

  it('leaves it to the timer and to permitted commands to let fall due what is due', () => {
    const { give, events } = needOf('emergency');
    give('inspect', residentElsewhere, WEEKS_AHEAD);
    expect(give('inspect', cora, AHEAD)).toBe('accepted');
    expect(events()).toEqual(['NeedSubmitted', 'DeadlineApproaching', 'NeedInspected']);
  });

  it('is told by what the need is once all has happened that fell due before it: the centre may claim what the whistle has reached it with', () => {
    const { give, events } = needOf('normal');
    expect(give('whistle', cora, '2024-07-01T09:10:00.000+08:00')).toBe('accepted');
    expect(give('claim', centre, WEEKS_AHEAD, { unit: 'Water', plan: 'p' })).toBe('accepted');
    expect(events().filter((type) => type === 'WhistleBlown').length).toBeGreaterThan(1);
  });

  it('went on as it did in runs that began before that was so', () => {
    const { give, events } = needOf('emergency', () => false);
    expect(give('inspect', residentElsewhere, AHEAD)).toBe('not-permitted');
    expect(events()).toEqual(['NeedSubmitted', 'DeadlineApproaching']);
  });
});
