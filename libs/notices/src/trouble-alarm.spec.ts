import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import type { NoticeDependencies } from './notices-for';
import { overNotices, troubleNotices, type TroubleToTell } from './trouble-alarm';
import { TROUBLE_KINDS, TROUBLES } from './troubles';

const NIGHT = '2026-11-23T03:00:05.000+08:00';
const dependencies: NoticeDependencies = {
  policy: DEFAULT_POLICY_DOCUMENT,
  calendar: compileTable(CHINA_2024_2026),
  directory: {
    persons: [{ id: 'ops', role: 'operator', unit: null, language: 'zh-CN', email: 'ops@example.org', phone: '13800000000' }],
    robots: [],
  },
  preferences: new Map(),
  channels: new Set(['email', 'sms']),
  digestMs: 600_000,
};
const forked: TroubleToTell = { kind: 'forked', subject: 'n1', seq: 3, why: 'other-hash' };
const dead: TroubleToTell = { kind: 'dead-letter', subject: 'malformed', seq: null, why: '1' };
const of = (...troubles: TroubleToTell[]) => troubleNotices({ id: 'a', at: NIGHT, troubles }, dependencies);

describe('an alarm about what is broken', () => {
  it('names the record and the command that helps, in both languages', () => {
    const [{ words } = { words: null }] = of(forked).inbox;
    expect(words?.en).toEqual({
      subject: 'Trouble: two histories of one entity',
      text: 'two histories of one entity: n1 seq 3 (other-hash). Run npx qiyue audit verify.',
    });
    expect(words?.['zh-CN'].text).toBe('历史分叉：n1 第 3 条（other-hash）。请运行 npx qiyue audit verify。');
  });

  it('is one notice when there are many, with a line for each kind', () => {
    const { inbox } = of(forked, { ...forked, subject: 'n2' }, dead);
    expect(inbox).toHaveLength(2); // supervisors and operators
    expect(inbox[0]?.words.en.subject).toBe('3 troubles');
    expect(inbox[0]?.words.en.text.split('\n').slice(0, 2)).toEqual([
      'two histories of one entity: 2 (npx qiyue audit verify)',
      'dead letters: 1 (npx qiyue messages list)',
    ]);
  });

  it('goes out at once when something urgent is among it, else when the office is open', () => {
    expect(of(forked, dead).outward.map(({ channel, sendAt }) => [channel, sendAt])).toEqual([
      ['email', NIGHT],
      ['sms', NIGHT],
    ]);
    expect(of(dead).outward.every(({ sendAt, channel }) => sendAt > NIGHT && channel === 'email')).toBe(true);
  });

  it('has words and a command for every kind', () => {
    for (const kind of TROUBLE_KINDS) {
      const { help, words } = TROUBLES[kind];
      expect([help.startsWith('npx qiyue '), words.en.length > 0, words['zh-CN'].length > 0]).toEqual([true, true, true]);
    }
  });
});

describe('the end of what an alarm was about', () => {
  const over = (...troubles: TroubleToTell[]) => overNotices({ id: 'a', at: NIGHT, troubles }, dependencies);

  it('names what is over, to those who were alarmed, in both languages', () => {
    const { inbox } = over(forked);
    expect(inbox.map(({ recipient }) => recipient)).toEqual(of(forked).inbox.map(({ recipient }) => recipient));
    expect(inbox[0]?.words.en).toEqual({
      subject: 'Over: two histories of one entity',
      text: 'two histories of one entity: n1 seq 3\nNot seen for ten minutes.',
    });
    expect(inbox[0]?.words['zh-CN']).toEqual({ subject: '系统告警已解除：历史分叉', text: '历史分叉：n1 第 3 条\n已连续十分钟未再出现。' });
  });

  it('is one notice when there are many, and wakes nobody', () => {
    const { inbox, outward } = over(forked, dead);
    expect(inbox[0]?.words.en.subject).toBe('2 troubles are over');
    expect(outward.every(({ sendAt, channel }) => sendAt > NIGHT && channel === 'email')).toBe(true);
  });
});
