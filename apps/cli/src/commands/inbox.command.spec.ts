import { describe, expect, it } from '@jest/globals';
import { pageLines } from './inbox.command';

const entry = { noticeId: 'n1:4:actor/ann:inbox', seq: 4, type: 'NeedClaimed', title: '已认领', text: '住建局认领\n/needs/n1', urgent: false };
const page = {
  items: [
    { ...entry, at: '2024-07-02T09:30:00.000+08:00', readAt: null, archivedAt: null },
    { ...entry, at: '2023-12-31T18:00:00.000+08:00', readAt: '2024-01-02T08:00:00.000+08:00', archivedAt: null },
  ],
  nextCursor: 'abc',
  unread: 1,
};

describe('the inbox on the command line', () => {
  it('says of each notice when, whether it was read, and what', () => {
    expect(pageLines(page as never, 'zh-CN')).toEqual([
      '1 条未读',
      '* 2024-07-02 09:30  已认领',
      '    住建局认领',
      '    /needs/n1',
      '    n1:4:actor/ann:inbox',
      '  2023-12-31 18:00  已认领',
      '    住建局认领',
      '    /needs/n1',
      '    n1:4:actor/ann:inbox',
      '下一页: --cursor abc',
    ]);
    expect(pageLines({ ...page, items: [], nextCursor: null } as never, 'en')).toEqual(['1 unread']);
  });
});
