import { expect, it } from '@jest/globals';
import type { StandingMessage } from '@qiyue/edge';
import { lineOf } from './messages.commands';

it('says of a reaction that broke which it is, to which record, by what, since when and how often it was tried', () => {
  const broken: StandingMessage = {
    ...{ id: 'system:b1:2/mark/broken', state: 'reaction-refused', topic: 'qiyue.book.events', partition: null, offset: null, hash: null },
    ...{ reader: 'qiyue.reactions', entity: 'b1', seq: 2, commandId: null, why: 'TypeError: no such day at commands (mark.js:3:1)' },
    ...{ reaction: 'mark', tries: 3, since: '2026-07-01T08:00:00.000+08:00' },
  };
  expect(lineOf(broken, 'en')).toBe(
    'reaction-refused system:b1:2/mark/broken entity b1 seq 2 by qiyue.reactions reaction mark: ' +
      'TypeError: no such day at commands (mark.js:3:1) (since 2026-07-01 08:00, tried 3 times)',
  );
  expect(lineOf({ ...broken, tries: 1 }, 'zh-CN')).toBe(
    '后续被拒         system:b1:2/mark/broken 事项 b1 seq 2 读取者 qiyue.reactions 后续 mark：' +
      'TypeError: no such day at commands (mark.js:3:1)（自 2026-07-01 08:00）',
  );
});

it('says of a dead letter what is wrong with it, where that is known', () => {
  const dead: StandingMessage = {
    ...{ id: 'qiyue.need.commands:5:0', state: 'dead', topic: 'qiyue.need.commands', partition: 5, offset: '0', hash: null, reader: 'intake' },
    ...{ entity: null, seq: null, commandId: null, why: 'malformed', since: '2026-07-01T08:00:00.000+08:00' },
  };
  expect(lineOf({ ...dead, detail: 'not a command: not JSON: character 7' }, 'en')).toContain(
    ': malformed: not a command: not JSON: character 7 (since',
  );
  expect(lineOf(dead, 'en')).toContain(': malformed (since');
});
