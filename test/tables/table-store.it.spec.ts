import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bringCountyFiles, TableStore, type Bringing } from '@qiyue/edge';
import { CHINA_2024_2026, type CalendarDocument } from '@qiyue/calendar';
import { DEFAULT_POLICY_DOCUMENT, type PolicyDocument } from '@qiyue/civic-domain';
import { freshStore } from '@qiyue/testkit';

const AT = '2026-01-05T09:00:00.000+08:00';
const calendar = (version: string): CalendarDocument => ({ ...CHINA_2024_2026, version });
const policy = (version: string): PolicyDocument => ({ ...DEFAULT_POLICY_DOCUMENT, version });

describe('versions of calendar and policy', () => {
  let fresh: Awaited<ReturnType<typeof freshStore>>;
  let store: TableStore;
  beforeAll(async () => {
    fresh = await freshStore();
  });
  beforeEach(async () => {
    await fresh.store.db.dropDatabase();
    store = new TableStore(fresh.store.db);
  });
  afterAll(() => fresh.drop());

  const importPolicy = (document: PolicyDocument) => store.import({ kind: 'policy', document, at: AT, by: 'operator-1' });
  const importCalendar = (document: CalendarDocument) => store.import({ kind: 'calendar', document, at: AT, by: 'operator-1' });

  it('are the built-in ones before any import, whoever asks first', async () => {
    const seen = await Promise.all(Array.from({ length: 8 }, () => store.current()));
    expect(new Set(seen.map(({ serial }) => serial))).toEqual(new Set([1]));
    expect(seen[0]?.documents).toEqual({ calendar: CHINA_2024_2026, policy: DEFAULT_POLICY_DOCUMENT });
    expect(await store.awaitsRetiming()).toBeNull();
  });

  it('become current by an import, and the same import again changes nothing', async () => {
    expect(await importPolicy(policy('county-1'))).toEqual({ ok: true, serial: 2, isCurrentAnyway: false });
    expect(await importPolicy(policy('county-1'))).toEqual({ ok: true, serial: 2, isCurrentAnyway: true });
    expect((await store.current()).tables).toMatchObject({ policy: { version: 'county-1' }, calendar: { version: CHINA_2024_2026.version } });
  });

  it('never change: another content under a known version is refused, the built-in ones too', async () => {
    await importPolicy(policy('county-1'));
    const refused = { ok: false, why: 'version-taken' };
    expect(await importPolicy({ ...policy('county-1'), reopenDays: 1 })).toEqual(refused);
    expect(await importPolicy({ ...DEFAULT_POLICY_DOCUMENT, reopenDays: 1 })).toEqual(refused);
    expect((await store.find('policy', 'county-1'))?.reopenDays).toBe(DEFAULT_POLICY_DOCUMENT.reopenDays);
  });

  it('of a policy are refused before the day on which they take effect, and taken on it', async () => {
    const later = { ...policy('county-1'), effectiveFrom: AT.slice(0, 10) };
    const at = (day: string) => store.import({ kind: 'policy', document: later, at: `${day}T23:59:59.999+08:00`, by: 'operator-1' });
    const dayBefore = new Date(Date.parse(`${later.effectiveFrom}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
    expect(await at(dayBefore)).toEqual({ ok: false, why: 'not-yet' });
    expect(await store.find('policy', 'county-1')).toBeNull();
    expect(await importPolicy(later)).toMatchObject({ ok: true });
  });

  it('that are imported by many at once leave one current of each kind, and no import is lost', async () => {
    const versions = Array.from({ length: 10 }, (_, i) => `county-${i}`);
    const imported = await Promise.all(versions.flatMap((version) => [importPolicy(policy(version)), importCalendar(calendar(version))]));
    const serials = imported.map((answer) => (answer.ok ? answer.serial : 0)).sort((a, b) => a - b);
    expect(serials).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
    const { serial, documents } = await store.current();
    expect([serial, versions.includes(documents.policy.version), versions.includes(documents.calendar.version)]).toEqual([21, true, true]);
  });

  it('of one name and two contents at once: one wins and the other is told', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((reopenDays) => importPolicy({ ...policy('county-1'), reopenDays })));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('go back to an earlier one by importing it again', async () => {
    await importPolicy(policy('county-1'));
    expect(await importPolicy(DEFAULT_POLICY_DOCUMENT)).toEqual({ ok: true, serial: 3, isCurrentAnyway: false });
    expect((await store.current()).documents.policy).toEqual(DEFAULT_POLICY_DOCUMENT);
  });

  describe('that a process was started with', () => {
    const errors: object[] = [];
    const begun: number[] = [];
    const bringing = (isAway = false): Bringing => ({
      store,
      runs: {
        start: async ({ serial }) => {
          if (isAway) throw new Error('Temporal does not answer');
          begun.push(serial);
          await store.noteRetiming(serial); // as the run does first
          return { workflowId: 'retime' };
        },
      },
      log: { error: (fields: object) => void errors.push(fields) },
      now: () => AT,
    });
    beforeEach(() => {
      errors.length = 0;
      begun.length = 0;
    });

    it('are imported once, and the running needs follow once', async () => {
      const files = { calendar: calendar('county-1'), policy: policy('county-1') };
      for (let starts = 0; starts < 3; starts += 1) await bringCountyFiles(files, bringing());
      expect([begun, await store.serial(), errors]).toEqual([[3], 3, []]);
    });

    it('are brought to the running needs later when that cannot be begun now', async () => {
      const files = { calendar: null, policy: policy('county-1') };
      await expect(bringCountyFiles(files, bringing(true))).rejects.toThrow('Temporal does not answer');
      await bringCountyFiles({ calendar: null, policy: null }, bringing());
      expect(begun).toEqual([2]);
    });

    it('do not take the place of what was imported since, nor of a version with another content', async () => {
      const files = { calendar: null, policy: policy('county-1') };
      await bringCountyFiles(files, bringing());
      await importPolicy(policy('county-2'));
      await bringCountyFiles(files, bringing());
      await bringCountyFiles({ calendar: null, policy: { ...policy('county-1'), reopenDays: 1 } }, bringing());
      expect((await store.current()).documents.policy.version).toBe('county-2');
      expect(errors).toEqual([{ kind: 'policy', version: 'county-1' }]);
    });
  });
});
