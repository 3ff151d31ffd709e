import { describe, expect, it } from '@jest/globals';
import { canBeOff, isWanted, type AnyChannel, type Preferences } from './preferences';
import { ALARM_TYPES, isAlarm } from './notice-types';

const CHANNELS: readonly AnyChannel[] = ['inbox', 'email', 'wecom', 'dingtalk', 'sms'];
const TYPES = ['NeedClaimed', 'DeadlineApproaching', 'DeadlineMissed', 'Escalated', ...ALARM_TYPES];
const ALL = TYPES.flatMap((type) => CHANNELS.map((channel) => ({ type, channel })));

describe('preferences', () => {
  it.each([true, false])('leave on exactly what nobody can switch off (of the lead: %s)', (isLead) => {
    const everythingOff: Preferences = { off: ALL, when: 'office-hours' };
    const left = ALL.filter((asked) => isWanted(everythingOff, asked, isLead));
    const stays = ALL.filter(
      ({ type, channel }) => channel === 'inbox' || type === 'Escalated' || isAlarm(type) || (type === 'DeadlineMissed' && isLead),
    );
    expect(left).toEqual(stays);
    expect(ALL.filter((asked) => !canBeOff(asked, isLead))).toEqual(stays);
  });

  it('switch off one event on one channel and nothing beside it', () => {
    const preferences: Preferences = { off: [{ type: 'NeedClaimed', channel: 'email' }], when: 'office-hours' };
    expect(ALL.filter((asked) => !isWanted(preferences, asked, false))).toEqual([{ type: 'NeedClaimed', channel: 'email' }]);
  });
});
