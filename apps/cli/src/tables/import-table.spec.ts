import { expect, it, jest } from '@jest/globals';
import { importTable, progressWords } from './import-table';
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

it('says while it waits that it waits, and that it takes the place of another that runs', async () => {
  const said: string[] = [];
  const out = [process.stderr, process.stdout].map((stream) => jest.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0));
  const tools = {
    journal: { insist: () => Promise.resolve() },
    store: { import: () => Promise.resolve({ ok: true, serial: 3, isCurrentAnyway: false }) },
    runs: {
      isRunning: () => Promise.resolve(true),
      start: () => Promise.resolve({ workflowId: 'retime' }),
      progress: () => Promise.resolve(finished),
    },
  } as unknown as TableTools;
  await importTable(tools, 'policy', { version: 'county-2' } as never, { json: false, detach: false, language: 'en' });
  for (const one of out) one.mockRestore();
  expect(said.slice(0, 2)).toEqual([
    'another re-timing is under way: this one takes its place\n',
    'the deadlines of all that is open are being moved; if this is broken off, `npx qiyue retime wait` follows on\n',
  ]);
});

it('how many deadlines end earlier than before is said where some do', () => {
  const progress = { serial: 2, total: 9, done: 9, moved: 6, shorter: 4, unchanged: 3, unanswered: 0, failed: [], state: 'finished' } as const;
  expect(progressWords(progress, true)).toEqual(['已完成：9 / 9 件，6 件期限调整（其中 4 件提前），3 件不变']);
  expect(progressWords(progress, false)).toEqual(['finished: 9 of 9 entities, 6 deadlines moved (4 of them earlier), 3 unchanged']);
});
