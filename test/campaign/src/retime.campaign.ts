import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RetimeRuns, TableStore } from '@qiyue/edge';
import { connectTemporal } from '@qiyue/platform';
import { CHINA_2024_2026, type CalendarDocument } from '@qiyue/calendar';
import { openRecord, toShanghaiIso } from '@qiyue/engine';
import { verifyLedger } from '@qiyue/engine-runtime';
import type { RetimeProgress } from '@qiyue/civic-contracts';
import { eventually, NEED_BODY, PEOPLE, startSystem, type System } from '@qiyue/testkit';
import type { CampaignResult, Row } from './figures';
import { residentMiB } from './resident';

export interface RetimeCampaignOptions {
  readonly needs?: number;
  /** SIGKILL to the worker once half of the needs have moved. */
  readonly kill?: boolean;
  /** Submits under way at once. */
  readonly concurrency?: number;
  readonly onProgress?: (line: string) => void;
}

const SAMPLE_EVERY_MS = 200;
const EXTRAPOLATED_NEEDS = 100_000;
/** The built-in calendar as if notices for more years had come, so that the figures do not depend on the day they are taken. */
const BEFORE: CalendarDocument = {
  ...CHINA_2024_2026,
  version: 'before',
  covers: { from: '2024-01-01', to: '2032-12-31' },
  holidays: [...CHINA_2024_2026.holidays, ...[2027, 2028, 2029, 2030, 2031, 2032].map((year) => ({ date: `${year}-01-01`, name: '元旦' }))],
};

/** A calendar import under which the deadline of every open need moves: how long it takes, in how much memory, and each one once. */
export const retimeCampaign = async (options: RetimeCampaignOptions = {}): Promise<CampaignResult> => {
  const { needs = 2_000, kill = false, concurrency = 16, onProgress = () => undefined } = options;
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-retime-'));
  const file = join(folder, 'calendar.json');
  writeFileSync(file, JSON.stringify(BEFORE));
  const system = await startSystem({ settings: { QIYUE_CALENDAR_FILE: file } });
  try {
    const dueDates = await submitMany(system, needs, concurrency, onProgress);
    const run = await importAndFollow(system, { ...BEFORE, version: 'after', holidays: [...BEFORE.holidays, ...holidaysOn(dueDates)] }, kill, needs);
    const troubles = await troublesAfter(system, needs, run.progress);
    const perSecond = Math.round((needs / run.movedMs) * 10_000) / 10;
    const extrapolatedMinutes = Math.round((EXTRAPOLATED_NEEDS / perSecond / 60) * 10) / 10;
    const row: Row = { needs, ...run.figures, perSecond, [`minutesFor${EXTRAPOLATED_NEEDS}`]: extrapolatedMinutes };
    return { sound: troubles.length === 0, conditions: { workerKilled: kill, ...run.progress }, rows: [row], troubles };
  } finally {
    await system.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The days on which their claims are due. */
const submitMany = async (system: System, needs: number, concurrency: number, onProgress: (line: string) => void): Promise<ReadonlySet<string>> => {
  const client = system.client(PEOPLE.resident);
  let begun = 0;
  const submitter = async (): Promise<void> => {
    while (begun < needs) {
      begun += 1;
      if (begun % 500 === 0) onProgress(`${begun} of ${needs} needs submitted`);
      await client.submit({ ...NEED_BODY, items: [...NEED_BODY.items] });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, submitter));
  await eventually('the read model to have all needs', () => modelHas(system, needs), 120_000);
  const dues = await system.store.ledger.find({ type: 'NeedSubmitted' }, { projection: { canonical: 1 } }).toArray();
  return new Set(dues.map((record) => String((openRecord(record).data as { readonly claimBy?: unknown }).claimBy).slice(0, 10)));
};

const modelHas = async (system: System, needs: number): Promise<boolean> =>
  (await system.get('/v1/stats/stages', PEOPLE.supervisor)).body['total'] === needs;

const holidaysOn = (dates: ReadonlySet<string>): CalendarDocument['holidays'] => [...dates].map((date) => ({ date, name: '县庆' }));

interface Run {
  readonly progress: RetimeProgress;
  /** From the import to the last moved deadline in the ledger. */
  readonly movedMs: number;
  readonly figures: Row;
}

const importAndFollow = async (system: System, document: CalendarDocument, kill: boolean, needs: number): Promise<Run> => {
  const address = { QIYUE_TEMPORAL_ADDRESS: system.servers.temporal.address, QIYUE_TEMPORAL_NAMESPACE: 'default' };
  const { client, connection } = connectTemporal(address);
  const runs = new RetimeRuns(client);
  const memory = new WorkerMemory(system);
  const finished = (serial: number): Promise<RetimeProgress> =>
    eventually(
      `the end of the run for ${serial}`,
      async () => {
        const seen = await runs.progress();
        return seen?.serial === serial && seen.state === 'finished' && seen;
      },
      300_000,
    );
  try {
    await finished(2); // that of the calendar which the system was started with
    const idleMiB = memory.sample();
    const beganMs = performance.now();
    const importedAt = toShanghaiIso(Date.now());
    const imported = await new TableStore(system.store.db).import({ kind: 'calendar', document, at: importedAt, by: 'campaign' });
    if (!imported.ok) throw new Error(imported.why);
    await runs.start({ serial: imported.serial, importedAt });
    if (kill) await killInTheMiddle(system, needs);
    await eventually('every deadline to have moved', async () => (await moved(system)) >= needs, 600_000);
    const movedMs = performance.now() - beganMs;
    const progress = await finished(imported.serial);
    const finishedMs = performance.now() - beganMs;
    const figures = { killed: kill ? 1 : 0, movedMs: Math.round(movedMs), finishedMs: Math.round(finishedMs), idleMiB, maxMiB: memory.maxMiB };
    return { progress, movedMs, figures };
  } finally {
    memory.stop();
    await connection.close();
  }
};

const moved = (system: System): Promise<number> => system.store.ledger.countDocuments({ type: 'DeadlineMoved' });

const killInTheMiddle = async (system: System, needs: number): Promise<void> => {
  await eventually('half of the needs to have moved', async () => (await moved(system)) >= needs / 2, 300_000);
  await system.process('worker').kill('SIGKILL');
  await system.app('worker').restart();
};

/** Of the worker, also of the one that takes a killed one's place. */
class WorkerMemory {
  maxMiB = 0;
  private readonly timer = setInterval(() => this.sample(), SAMPLE_EVERY_MS);

  constructor(private readonly system: System) {}

  /** 0 while there is none. */
  sample(): number {
    const { pid } = this.system.app('worker');
    let sizeMiB = 0;
    try {
      sizeMiB = pid === null ? 0 : residentMiB(pid);
    } catch {
      return 0; // it was killed this very moment
    }
    this.maxMiB = Math.max(this.maxMiB, sizeMiB);
    return sizeMiB;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

const troublesAfter = async (system: System, needs: number, { total, done, moved: told, unanswered }: RetimeProgress): Promise<readonly string[]> => {
  const perNeed = await system.store.ledger
    .aggregate<{ readonly _id: string; readonly n: number }>([{ $match: { type: 'DeadlineMoved' } }, { $group: { _id: '$entity', n: { $sum: 1 } } }])
    .toArray();
  const doubled = perNeed.filter(({ n }) => n !== 1).map(({ _id, n }) => `${_id} moved ${n} times`);
  const counts = [total, done, told, unanswered].join();
  const { findings } = await verifyLedger(system.store);
  return [
    ...doubled,
    ...(perNeed.length === needs ? [] : [`${perNeed.length} of ${needs} needs moved`]),
    ...(counts === [needs, needs, needs, 0].join() ? [] : [`the run tells ${counts} (total, done, moved, unanswered)`]),
    ...findings.map(({ stream, seq, kind }) => `${stream}:${seq} ${kind}`),
    ...system.crashes,
  ];
};
