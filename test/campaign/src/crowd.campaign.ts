import { randomUUID } from 'node:crypto';
import { openRecord } from '@qiyue/engine';
import { verifyLedger } from '@qiyue/engine-runtime';
import { eventually, startSystem, type System } from '@qiyue/testkit';
import { idsByRecordedName } from './command-names';
import type { CampaignResult } from './figures';
import { needPlan, type Step } from './need-plan';
import { PatientSender, type Heard } from './patient-sender';
import { measured } from './percentiles';

export interface CrowdOptions {
  /** Commands at once on the one need. */
  readonly commands?: number;
  /** Needs that go on meanwhile, one command after the other. */
  readonly concurrency?: number;
}

const PLAN = needPlan(1);
const PROGRESS_AT = PLAN.findIndex(({ command }) => command === 'progress');
const LEDGER_BOUND_MS = 30_000;

/** Many commands at once on one need: each is answered, and the others hardly notice. */
export const crowdCampaign = async ({ commands = 200, concurrency = 4 }: CrowdOptions = {}): Promise<CampaignResult> => {
  const system = await startSystem();
  try {
    const side = new Side(system);
    const [crowded = '', ...quiet] = await Promise.all(Array.from({ length: concurrency + 1 }, () => side.needInWorks()));
    for (const need of quiet) for (let i = 0; i < 20; i += 1) await side.report(need); // production processes live long
    side.heard.clear();
    let over = false;
    const others = Promise.all(quiet.map((need) => side.reportUntil(need, () => over)));
    await Promise.all(Array.from({ length: commands }, () => side.report(crowded)));
    over = true;
    await others;
    const troubles = await side.missing();
    const rows = [
      { need: 'crowded', ...measured(side.latencies([crowded])) },
      { need: 'others', ...measured(side.latencies(quiet)) },
    ];
    return { sound: troubles.length === 0, conditions: { commands, concurrency, channel: 'http' }, rows, troubles };
  } finally {
    await system.stop();
  }
};

class Side {
  private readonly sender: PatientSender;
  /** What was heard of each command, by its id. */
  readonly heard = new Map<string, Heard>();

  constructor(private readonly system: System) {
    this.sender = new PatientSender(system);
  }

  async needInWorks(): Promise<string> {
    let need: string | null = null;
    for (const step of PLAN.slice(0, PROGRESS_AT)) need = await this.send(need, step);
    return need ?? '';
  }

  report(need: string): Promise<string> {
    return this.send(need, PLAN[PROGRESS_AT] as Step);
  }

  async reportUntil(need: string, over: () => boolean): Promise<void> {
    while (!over()) await this.report(need);
  }

  latencies(needs: readonly string[]): readonly number[] {
    return [...this.heard.values()].filter(({ needId }) => needs.includes(needId)).map(({ latencyMs }) => latencyMs);
  }

  /** What the ledger should hold and does not, or holds twice, or is not linked. */
  async missing(): Promise<readonly string[]> {
    const ids = [...this.heard.keys()];
    const recorded = await eventually(
      'every command in the ledger',
      async () => {
        const names = await this.idsByRecordedName();
        const found = (await this.system.store.ledger.find().toArray())
          .map((record) => openRecord(record).commandId)
          .map((name) => names.get(name) ?? name);
        return ids.every((id) => found.includes(id)) && found;
      },
      LEDGER_BOUND_MS,
    );
    const doubled = ids.filter((id) => recorded.filter((other) => other === id).length !== 1);
    const { findings } = await verifyLedger(this.system.store);
    return [...doubled.map((id) => `${id}: not once in the ledger`), ...findings.map(({ stream, seq, kind }) => `${stream}:${seq} ${kind}`)];
  }

  private async idsByRecordedName(): Promise<ReadonlyMap<string, string>> {
    const maps = await Promise.all([...this.heard].map(([id, { needId }]) => idsByRecordedName(this.system, needId, [id])));
    return new Map(maps.flatMap((map) => [...map]));
  }

  private async send(need: string | null, step: Step): Promise<string> {
    const id = `crowd-${randomUUID()}`;
    const heard = await this.sender.send('http', need, step, id);
    this.heard.set(id, heard);
    return heard.needId;
  }
}
