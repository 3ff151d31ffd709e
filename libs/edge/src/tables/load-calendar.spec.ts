import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026 } from '@qiyue/calendar';
import { loadCalendarFile } from './load-calendar';

describe('a calendar in a file', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'qiyue-calendar-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const fileOf = (text: string): string => {
    const path = join(folder, 'calendar.json');
    writeFileSync(path, text);
    return path;
  };
  const overrides = { version: 'county.1', basedOn: CHINA_2024_2026.version, name: '本县日历', add: [], remove: ['2025-10-11'] };

  it('is read whole, with or without the mark of a Windows editor', async () => {
    for (const mark of ['', '\uFEFF'])
      expect(await loadCalendarFile(fileOf(mark + JSON.stringify(CHINA_2024_2026)))).toEqual({ ok: true, value: CHINA_2024_2026 });
  });

  it("is read as a county's changes when it says what it is based on", async () => {
    const loaded = await loadCalendarFile(fileOf(JSON.stringify(overrides)));
    expect(loaded.ok && [loaded.value.version, loaded.value.makeUpDays.length]).toEqual([
      'cn-2024-2026.1+county.1',
      CHINA_2024_2026.makeUpDays.length - 1,
    ]);
  });

  it('is measured against the calendar that is in force', async () => {
    const base = { ...CHINA_2024_2026, version: 'cn-2024-2026.2' };
    const loaded = await loadCalendarFile(fileOf(JSON.stringify(overrides)), base);
    expect(loaded).toEqual({ ok: false, mistakes: [{ kind: 'wrong-base', where: 'basedOn', detail: 'cn-2024-2026.2' }] });
  });

  it('gives its mistakes, and says so when it is no JSON at all', async () => {
    expect(await loadCalendarFile(fileOf('{"version": '))).toMatchObject({ ok: false, mistakes: [{ kind: 'not-json', where: '' }] });
    const loaded = await loadCalendarFile(fileOf(JSON.stringify({ ...CHINA_2024_2026, version: 1, makeUpDays: 2 })));
    expect(loaded.ok ? [] : loaded.mistakes.map(({ kind }) => kind)).toEqual(['bad-version', 'not-a-list']);
  });

  it('that is not there is an error of the file system', async () => {
    await expect(loadCalendarFile(join(folder, 'none.json'))).rejects.toThrow('ENOENT');
  });
});
