import { describe, expect, it } from '@jest/globals';
import { problemLine } from './problem-line';

const problem = { type: 'urn:qiyue:problem:invalid', title: '内容不符合要求', status: 422, code: 'invalid' as const, detail: '请求内容不符合要求。' };

describe('a "no" on the command line', () => {
  it('names what does not fit, and where', () => {
    const errors = [
      { path: 'limit', message: '须为 1 到 100 的整数' },
      { path: '', message: '没有这个字段：bogus' },
    ];
    expect(problemLine({ ...problem, errors })).toBe(
      '内容不符合要求 (invalid): 请求内容不符合要求。 limit: 须为 1 到 100 的整数; 没有这个字段：bogus',
    );
  });
  it('names what may be meant', () => {
    expect(problemLine({ ...problem, suggestions: ['民悦社区', '和平社区'] })).toBe(
      '内容不符合要求 (invalid): 请求内容不符合要求。 民悦社区 / 和平社区',
    );
  });
  it('is no longer than what it has to say', () => {
    expect(problemLine({ ...problem, detail: '' })).toBe('内容不符合要求 (invalid):');
  });
});
