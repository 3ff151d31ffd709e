import { describe, expect, it } from '@jest/globals';
import type { NeedEventType } from '@qiyue/need-domain';
import fc from 'fast-check';
import { EMPTY_DIRECTORY, OUTWARD_CHANNELS, type NoticeDependencies, type Notices, type Person } from '@qiyue/notices';
import { dependencies, DIRECTORY, needNoticesFor } from '../testing/people';
import { born, claim, LIVES, NEED_ID, wes, type Moment, type ToldLife } from '../testing/told-life';

const of = ({ record, before, after }: Moment, changes: Partial<NoticeDependencies> = {}): Notices =>
  needNoticesFor(record, before, after, dependencies(changes));
const when = (life: ToldLife | undefined, type: NeedEventType, nth = 0): Moment => (life as ToldLife).moment(type, nth);
const sent = ({ outward }: Notices) => outward.map(({ channel, to }) => `${channel} ${to}`);
const every = Object.values(LIVES).flatMap((life) => life.moments);

describe('notices for an event', () => {
  it('go to the inbox of all, directory or none, in both languages', () => {
    const { inbox, outward } = of(when(LIVES['slowLead'], 'DeadlineMissed'), { directory: EMPTY_DIRECTORY });
    expect(outward).toEqual([]);
    expect(inbox.map(({ key }) => key)).toEqual([
      `${NEED_ID}:4:post/department/Water:inbox`,
      `${NEED_ID}:4:post/community/Lakeside:inbox`,
      `${NEED_ID}:4:actor/ann:inbox`,
    ]);
    expect(inbox[0]?.words['zh-CN'].subject).toBe('已逾期：加装扶手');
    expect(inbox[0]?.words.en.subject).toBe('Overdue: 加装扶手');
  });

  it('go to the persons and robots of a post, each in their language', () => {
    const notices = of(when(LIVES['slowLead'], 'DeadlineMissed'));
    expect(sent(notices)).toEqual(['email wes', 'sms wes', 'email wu', 'wecom water-group', 'dingtalk lakeside-group', 'email ann']);
    expect(notices.outward.map(({ language }) => language)).toEqual(['en', 'en', 'zh-CN', 'zh-CN', 'zh-CN', 'zh-CN']);
  });

  it('go to everybody of a role when a post has no unit', () => {
    expect(sent(of(when(LIVES['slow'], 'DeadlineApproaching')))).toEqual(['email wes', 'email wu', 'email ron', 'wecom water-group']);
  });

  it('keep nothing waiting for channels that are off', () => {
    expect(sent(of(when(LIVES['slowLead'], 'DeadlineMissed'), { channels: new Set(['email']) }))).toEqual(['email wes', 'email wu', 'email ann']);
  });

  it('cost a short message only when they cannot wait for somebody to look', () => {
    expect(sent(of(when(LIVES['ordinary'], 'NeedFunded')))).not.toContain('sms ann');
    const urgent = born({ urgency: 'urgent' }).does(wes, claim);
    expect(sent(of(when(urgent, 'NeedClaimed')))).toContain('sms ann');
  });

  it('write once to an address that several share', () => {
    const shared: readonly Person[] = DIRECTORY.persons.map((person) =>
      person.role === 'department' ? { ...person, email: 'duty@example.org' } : person,
    );
    expect(sent(of(when(LIVES['slow'], 'DeadlineApproaching'), { directory: { persons: shared, robots: [] } }))).toEqual(['email wes']);
  });

  it('hold no address and no secret', () => {
    const text = JSON.stringify(every.map((moment) => of(moment)));
    expect(text).not.toMatch(/example\.org|13800000|access_token|secret/i);
  });

  it('respect what somebody switched off, but for what cannot be', () => {
    const off = [
      { type: 'NeedClaimed' as const, channel: 'email' as const },
      { type: 'DeadlineMissed' as const, channel: 'email' as const },
      { type: 'Escalated' as const, channel: 'email' as const },
    ];
    const preferences = new Map(['ann', 'wes', 'ron'].map((id) => [id, { off, when: 'office-hours' as const }]));
    expect(sent(of(when(LIVES['ordinary'], 'NeedClaimed'), { preferences }))).toEqual(['dingtalk lakeside-group']);
    expect(sent(of(when(LIVES['slowLead'], 'DeadlineMissed'), { preferences }))).toContain('email wes');
    expect(sent(of(when(LIVES['slow'], 'Escalated'), { preferences }))).toContain('email ron');
  });
});

describe('when notices may be sent', () => {
  it('is the end of their window, in office hours', () => {
    const { outward } = of(when(LIVES['ordinary'], 'NeedFunded')); // at 08:08 on a working day
    expect(new Set(outward.map(({ sendAt }) => sendAt))).toEqual(new Set(['2024-07-01T08:10:00.000+08:00']));
    const missed = of(when(LIVES['slowLead'], 'DeadlineMissed')); // at 18:00, a Thursday
    expect(new Set(missed.outward.map(({ sendAt }) => sendAt))).toEqual(new Set(['2024-07-05T08:00:00.000+08:00']));
  });

  it('is at once for level 2 and above and for urgent needs', () => {
    const [first, second] = [when(LIVES['slowLead'], 'Escalated'), when(LIVES['slowLead'], 'Escalated', 1)];
    expect(of(first).outward.every(({ urgent }) => !urgent)).toBe(true);
    expect(of(second).outward.every(({ urgent, sendAt }) => urgent && sendAt === second.record.time)).toBe(true);
    const urgent = born({ urgency: 'emergency' }).waits(2);
    const missed = when(urgent, 'DeadlineMissed');
    expect(of(missed).outward.map(({ sendAt }) => sendAt)).toEqual(of(missed).outward.map(() => missed.record.time));
  });

  it('is not the night for those who want it so', () => {
    const preferences = new Map([['wes', { off: [], when: 'always' as const }]]);
    const { outward } = of(when(LIVES['slowLead'], 'DeadlineMissed'), { preferences });
    expect(outward.find(({ to }) => to === 'wes')?.sendAt).toBe('2024-07-04T18:10:00.000+08:00');
  });
});

const someDirectory = fc.record({
  persons: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('ann', 'wes', 'pam', 'x'),
      role: fc.constantFrom('department', 'community', 'supervisor', 'county'),
      unit: fc.constantFrom('Water', 'Roads', 'Lakeside', null),
      language: fc.constantFrom('zh-CN' as const, 'en' as const),
      email: fc.constantFrom('a@example.org', 'b@example.org'),
    }),
    { selector: ({ id }) => id },
  ),
  robots: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('r1', 'r2', 'r3'),
      kind: fc.constantFrom('wecom' as const, 'dingtalk' as const),
      unit: fc.constantFrom('Water', 'Lakeside'),
      url: fc.constant('https://robots.example.org'),
    }),
    { selector: ({ id }) => id },
  ),
});

it('the same arguments give the same notices, each key once, one message per address, never before the event', () => {
  let count = 0;
  fc.assert(
    fc.property(fc.constantFrom(...every), someDirectory, fc.subarray([...OUTWARD_CHANNELS]), (moment, directory, channels) => {
      const changes = { directory, channels: new Set(channels) };
      const { inbox, outward } = of(moment, changes);
      expect(of(JSON.parse(JSON.stringify(moment)) as Moment, changes)).toEqual({ inbox, outward });
      const keys = [...inbox, ...outward].map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.every((key) => key.startsWith(`${NEED_ID}:${moment.record.seq}:`))).toBe(true);
      expect(new Set(outward.map(({ key }) => key.split(':').slice(-2).join())).size).toBe(outward.length);
      expect(outward.every(({ sendAt, at }) => sendAt >= at)).toBe(true);
      count += outward.length;
    }),
    { numRuns: 1_000, seed: 20_240_701 },
  );
  expect(count).toBeGreaterThan(500);
});

it('the keys of a whole life are all different', () => {
  for (const life of Object.values(LIVES)) {
    const keys = life.moments.flatMap((moment) =>
      Object.values(of(moment)).flatMap((notices: readonly { key: string }[]) => notices.map(({ key }) => key)),
    );
    expect(new Set(keys).size).toBe(keys.length);
  }
});
