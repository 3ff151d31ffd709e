import { describe, expect, it, jest } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import { ProblemError, type ProblemCode, type QiyueClient } from '@qiyue/client';
import { linesOf, numbered } from './list.commands';

const NUMBER = '240701-7K3M9P-N';
const problem = (code: ProblemCode, status: number): ProblemError =>
  new ProblemError({ type: 'about:blank', title: code, status, detail: code, code } as ProblemError['problem']);
const asking = (answer: (path: string) => object) => {
  const ask = jest.fn((path: string) => Promise.resolve().then(() => answer(path)));
  return { ask, client: { ask } as unknown as Pick<QiyueClient, 'ask'> };
};

describe('a number that somebody read out', () => {
  it('is looked for among every kind that is numbered, and the answer names the kind', async () => {
    const { ask, client } = asking((path) => {
      if (path.startsWith('contracts/')) return { items: [{ number: NUMBER }] };
      throw problem('not-found', 404);
    });
    const found = await numbered(client, NUMBER);
    expect(found.map(({ kind, page }) => [kind.decider.aggregate, page.items])).toEqual([['contract', [{ number: NUMBER }]]]);
    const paths = AGGREGATES.filter(({ listing }) => listing.isNumbered).map(({ path }) => `${path}/by-number/${NUMBER}`);
    expect(ask.mock.calls.map(([path]) => path)).toEqual(paths);
  });

  it('is nothing’s where no kind has it, and a slip is said as the server says it', async () => {
    const { client } = asking(() => {
      throw problem('not-found', 404);
    });
    expect(await numbered(client, NUMBER)).toEqual([]);
    const { client: strict } = asking(() => {
      throw problem('number-slip', 422);
    });
    await expect(numbered(strict, NUMBER)).rejects.toMatchObject({ code: 'number-slip' });
  });
});

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
