import { expect, it, jest } from '@jest/globals';
import { importTable, progressWords, type ImportOptions } from './import-table';
import type { TableTools } from './with-tables';

const finished = { serial: 3, total: 132, done: 132, moved: 100, unchanged: 32, unanswered: 0, failed: [], leftOut: 5, state: 'finished' } as const;

it('says that a re-timing has come to its end, and of those that it left out why', () => {
  expect(progressWords(finished, false)).toEqual([
    'finished: 132 of 132 entities, 100 deadlines moved, 32 unchanged',
    '5 more had ended or had no deadline when their turn came: nothing to move',
  ]);
  expect(progressWords(finished, true)).toEqual(['已完成：132 / 132 件，100 件期限调整，32 件不变', '另有 5 件在轮到之前已办结或已无期限，无需调整']);
});

it('names those that gave no answer, and says nothing of those left out where there are none', () => {
  expect(progressWords({ ...finished, total: 134, unanswered: 2, failed: ['a', 'b'], leftOut: 0 }, false)).toEqual([
    'finished: 132 of 134 entities, 100 deadlines moved, 32 unchanged',
    'no answer yet: a, b',
  ]);
});

const forecast = { open: 9, moved: 6, shorter: 4, shorterBy: [{ aggregate: 'need', stage: 'claimed', count: 4 }], unknown: 0 };
const OPTIONS = { json: false, detach: false, yes: false, dryRun: false, language: 'en' } as const;

/** What is said and done of an import; `refusal`: why it cannot be. */
const imported = async (
  options: Partial<ImportOptions>,
  refusal: string | null = null,
): Promise<{ readonly said: string; readonly done: readonly string[] }> => {
  const [said, done]: [string[], string[]] = [[], []];
  const out = [process.stderr, process.stdout].map((stream) => jest.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0));
  const does =
    <A>(name: string, answer: A) =>
    () => (done.push(name), Promise.resolve(answer));
  const tools = {
    journal: { insist: does('journal', undefined) },
    store: {
      refusal: () => Promise.resolve(refusal),
      with: () => Promise.resolve({}),
      import: does('import', { ok: true, serial: 3, isCurrentAnyway: false }),
    },
    runs: {
      isRunning: () => Promise.resolve(true),
      start: does('start', { workflowId: 'retime' }),
      progress: () => Promise.resolve(finished),
    },
    forecast: does('forecast', forecast),
  } as unknown as TableTools;
  try {
    await importTable(tools, 'policy', { version: 'county-2' } as never, { ...OPTIONS, ...options });
  } finally {
    for (const one of out) one.mockRestore();
  }
  return { said: said.join(''), done };
};

const FORETOLD = '9 open entities: 6 deadlines would move, 4 of them to an earlier date\n  need, claimed  4\n';

it('says beforehand how many deadlines end earlier, and while it waits that it waits and takes the place of another that runs', async () => {
  const { said, done } = await imported({});
  expect(done).toEqual(['forecast', 'journal', 'import', 'start']); // there is no terminal here, on which it would have asked
  expect(said.slice(0, said.indexOf('county-2'))).toBe(
    `${FORETOLD}another re-timing is under way: this one takes its place\n` +
      'the deadlines of all that is open are being moved; if this is broken off, `npx qiyue retime wait` follows on\n',
  );
});

it('looks and asks for nothing beforehand where that is wished', async () => {
  expect((await imported({ yes: true })).done).toEqual(['journal', 'import', 'start']);
});

it('only looks where that is wished, even with --yes', async () => {
  expect(await imported({ dryRun: true, yes: true })).toEqual({ said: `county-2\n${FORETOLD}`, done: ['forecast'] });
  expect(JSON.parse((await imported({ dryRun: true, json: true })).said)).toEqual({ version: 'county-2', forecast });
});

it('refuses before it looks', async () => {
  await expect(imported({}, 'version-taken')).rejects.toThrow('version county-2 exists with another content');
});

it('how many deadlines end earlier than before is said where some do', () => {
  const progress = { serial: 2, total: 9, done: 9, moved: 6, shorter: 4, unchanged: 3, unanswered: 0, failed: [], state: 'finished' } as const;
  expect(progressWords(progress, true)).toEqual(['已完成：9 / 9 件，6 件期限调整（其中 4 件提前），3 件不变']);
  expect(progressWords(progress, false)).toEqual(['finished: 9 of 9 entities, 6 deadlines moved (4 of them earlier), 3 unchanged']);
});
