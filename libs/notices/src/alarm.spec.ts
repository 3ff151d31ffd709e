import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { alarmNotices } from './alarm';
import type { NoticeDependencies } from './notices-for';

const AT = '2026-11-23T03:00:05.000+08:00';
const FOUND = { at: AT, findingCount: 2, first: { stream: 'n1', seq: 3, kind: 'missing' } };
const dependencies: NoticeDependencies = {
  policy: DEFAULT_POLICY_DOCUMENT,
  calendar: compileTable(CHINA_2024_2026),
  directory: {
    persons: [
      { id: 'sam', role: 'supervisor', unit: null, language: 'en', email: 'sam@example.org', phone: '13800000000' },
      { id: 'ops', role: 'operator', unit: null, language: 'zh-CN', email: 'ops@example.org' },
      { id: 'dan', role: 'department', unit: '住建局', language: 'zh-CN', email: 'dan@example.org' },
    ],
    robots: [],
  },
  preferences: new Map([['sam', { off: [{ type: 'LedgerAlarm' as const, channel: 'email' as const }], when: 'office-hours' as const }]]),
  channels: new Set(['email', 'sms']),
  digestMs: 600_000,
};

describe('an alarm about the ledger', () => {
  const { inbox, outward } = alarmNotices(FOUND, dependencies);

  it('reaches supervisors and operators, nobody else', () => {
    expect(inbox.map(({ recipient }) => recipient)).toEqual([
      { kind: 'post', role: 'supervisor', unit: null },
      { kind: 'post', role: 'operator', unit: null },
    ]);
    expect(outward.map(({ to, channel }) => `${to} ${channel}`).sort()).toEqual(['ops email', 'sam email', 'sam sms']);
  });

  it('goes out at once, at night too, and cannot be switched off', () => {
    expect(outward.every(({ sendAt, urgent }) => sendAt === AT && urgent)).toBe(true);
  });

  it('says where to look, in the reader’s language', () => {
    expect(outward.find(({ to }) => to === 'sam')?.text).toContain('2 faults, the first at n1 seq 3 (missing)');
    expect(inbox[0]?.words['zh-CN'].text).toContain('n1 第 3 条');
  });

  it('is the same notice when the same verification is told of again, and another for the next', () => {
    const keysOf = (at: string) => alarmNotices({ ...FOUND, at }, dependencies).inbox.map(({ key }) => key);
    expect(keysOf(AT)).toEqual(inbox.map(({ key }) => key));
    expect(keysOf('2026-11-24T03:00:05.000+08:00')).not.toEqual(inbox.map(({ key }) => key));
  });
});
