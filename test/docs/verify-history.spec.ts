import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pathOf, read } from './pages';

interface History {
  readonly events: readonly { readonly data: object; readonly [field: string]: unknown }[];
}

/** A history as `GET /v1/needs/{id}/history` gave it once. Never edited: that it still verifies is the point. */
const GOLDEN = 'test/docs/golden-history.json';

describe('checking a history by hand', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-docs-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const verify = (change: (history: History) => object) => {
    const path = join(folder, 'history.json');
    writeFileSync(path, JSON.stringify(change(JSON.parse(read(GOLDEN)) as History)));
    const { status, stdout, stderr } = spawnSync(process.execPath, [pathOf('infra/docs/verify-history.mjs'), path], { encoding: 'utf8' });
    return { status, text: `${stdout}${stderr}` };
  };

  it('finds that the golden history holds', () => {
    expect(verify((history) => history)).toMatchObject({ status: 0, text: expect.stringContaining('8 records hold') });
  });

  const FORGERIES: readonly (readonly [string, string, (history: History) => object])[] = [
    ['another content', 'record 2', (h) => ({ ...h, events: h.events.with(1, { ...h.events[1], data: { ...h.events[1]?.data, plan: '…' } }) })],
    [
      'another actor',
      'record 3',
      (h) => ({ ...h, events: h.events.with(2, { ...h.events[2], data: h.events[2]?.data ?? {}, actor: { id: 'x', role: 'r', unit: null } }) }),
    ],
    ['a record that is gone', 'record 4', (h) => ({ ...h, events: h.events.toSpliced(3, 1) })],
    ['two records in another order', 'record 1', (h) => ({ ...h, events: [h.events[1], h.events[0], ...h.events.slice(2)] })],
    ['another entity', 'record 1', (h) => ({ ...h, needId: '0'.repeat(26) })],
  ];
  it.each(FORGERIES)('sees %s', (_, where, forge) => {
    expect(verify(forge)).toMatchObject({ status: 1, text: expect.stringContaining(`${where} is not what was written`) });
  });
});
