import { describe, expect, it } from '@jest/globals';
import { ladderLines } from './ladder.lines';
import type { ToldRow } from './notices.api';

const told = (changes: Partial<ToldRow> = {}): ToldRow => ({
  ...{ to: { as: 'post', role: 'community', unit: '幸福社区', id: null }, channel: 'inbox', delivery: 'sent' },
  ...{ toldAt: '2025-03-05T18:00:00.000+08:00', readAt: null },
  ...changes,
});
const LADDER = {
  deadlines: [
    {
      ...{ stage: 'submitted', dueAt: '2025-03-05T18:00:00.000+08:00' },
      steps: [
        { kind: 'approaching', level: 0, name: null, firedAt: '2025-03-04T08:00:00.000+08:00', told: [] },
        {
          ...{ kind: 'missed', level: 0, name: null, firedAt: '2025-03-05T18:00:00.000+08:00' },
          told: [
            told({ readAt: '2025-03-06T08:10:00.000+08:00' }),
            told({ to: { as: 'author', role: null, unit: null, id: null } }),
            told({ channel: 'sms', delivery: 'failed', toldAt: null }),
          ],
        },
        {
          ...{ kind: 'escalated', level: 1, name: '催办', firedAt: '2025-03-06T08:00:00.000+08:00' },
          told: [told({ to: { as: 'post', role: 'department', unit: null, id: null }, delivery: 'waiting', toldAt: null })],
        },
      ],
    },
  ],
};

describe('the ladder of a need, for people', () => {
  it('says of each step when it came, who was told, how, and whether they read it', () => {
    expect(ladderLines(LADDER, 'zh-CN')).toEqual([
      '认领期限 2025-03-05 18:00',
      '  2025-03-04 08:00  临期提醒',
      '      没有告知任何人',
      '  2025-03-05 18:00  逾期',
      '      幸福社区，站内信 已送达 2025-03-05 18:00，已读 2025-03-06 08:10',
      '      提出人，站内信 已送达 2025-03-05 18:00，未读',
      '      幸福社区，短信 未送达',
      '  2025-03-06 08:00  催办（第1级）',
      '      各部门，站内信 待发',
      '时间均为北京时间',
    ]);
  });

  it('speaks one language at a time, and has a sentence for nothing', () => {
    expect(ladderLines(LADDER, 'en').slice(-3)).toEqual([
      '  2025-03-06 08:00  escalated to 催办, level 1',
      '      all departments, inbox waiting',
      'all times are Beijing time',
    ]);
    expect([ladderLines({ deadlines: [] }, 'zh-CN'), ladderLines({ deadlines: [] }, 'en')]).toEqual([
      ['没有临期或逾期的期限'],
      ['no deadline has come near or slipped'],
    ]);
  });
});
