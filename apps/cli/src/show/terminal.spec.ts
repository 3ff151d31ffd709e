import { describe, expect, it } from '@jest/globals';
import type { HistoryEvent } from '@qiyue/client';
import { forTerminal } from './terminal';
import { firstKind } from './entity-in';
import { timelineOf } from './timeline';

const STEERING = '\u001b]0;owned\u0007\u009b2J\u202edne\r';

describe('what is written to a terminal', () => {
  it('does not steer it, whatever somebody once got into a record', () => {
    expect(forTerminal(`扶手 ${STEERING}\n\t2`)).toBe('扶手 \\u001b]0;owned\\u0007\\u009b2J\\u202edne\\u000d\n\t2');
  });

  it('is the same JSON as before', () => {
    const value = { title: `${STEERING}\ud83d\ude00 \u2028` };
    const shown = forTerminal(JSON.stringify(value));
    expect(shown).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u202e\u2028]+$/);
    expect(JSON.parse(shown)).toEqual(value);
  });

  it('keeps the text of one record on its own line', () => {
    const event = {
      ...{ seq: 1, type: 'ProgressReported', time: '2024-07-01T08:00:00.000+08:00', data: { note: 'a\n  07-02 08:00:00  验收合格' } },
      ...{ actor: { id: 'd', role: 'department', unit: '住建局\n' }, commandId: 'c', prevHash: '', hash: '' },
    } as unknown as HistoryEvent;
    const rows = timelineOf([event], 'zh-CN', firstKind());
    expect(rows.join('\n').split('\n')).toHaveLength(1);
  });
});
