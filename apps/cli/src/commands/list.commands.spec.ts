import { expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import { linesOf } from './list.commands';

const [first] = AGGREGATES as readonly [(typeof AGGREGATES)[number]];
const page = { items: [], nextCursor: null, total: 0 };

it('a list says that not all were searched where that is so', () => {
  expect(linesOf(first, { ...page, totalIsBound: true, searchedAll: false }, 'en')).toEqual([
    '0+ in all, times of Asia/Shanghai',
    'not all were searched: texts are looked through one by one, up to a bound; narrow it by other filters',
  ]);
  expect(linesOf(first, { ...page, totalIsBound: true, searchedAll: false }, 'zh-CN').at(-1)).toMatch(/^未查完/);
  expect(linesOf(first, { ...page, totalIsBound: false, searchedAll: true }, 'en')).toEqual(['0 in all, times of Asia/Shanghai']);
});
