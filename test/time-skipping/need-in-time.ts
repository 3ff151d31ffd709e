import { instantMsOf, openRecord, realMsUntil, toShanghaiIso, workflowIdOf, businessMsAt, type Actor, type Pace, type Tables } from '@qiyue/engine';
import { anyDecider, type Command } from '@qiyue/engine-runtime';
import { CHINA_2024_2026, compileTable, type CalendarDocument } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { needDecider, type NeedCommand } from '@qiyue/need-domain';
import { bundleOf, commandFor, EngineBench, eventually } from '@qiyue/testkit';
import { startSkippingTemporal, type SkippingTemporal } from './skipping-temporal';

const NEED = anyDecider(needDecider);
const WAIT_MS = 30_000;
export const CALENDAR: CalendarDocument = CHINA_2024_2026;
const tablesOf = (calendar: CalendarDocument): Tables => ({ calendar: compileTable(calendar), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) });

/** Needs on the real workflow and the real ledger, under a clock that jumps. Business time begins on a Monday without a holiday near. */
export class NeedsInTime {
  private constructor(
    private readonly temporal: SkippingTemporal,
    private readonly bench: EngineBench,
    private readonly pace: Pace,
  ) {}

  static async start(): Promise<NeedsInTime> {
    const temporal = await startSkippingTemporal();
    const pace: Pace = { realMs: await temporal.nowMs(), businessMs: instantMsOf('2024-07-01T08:00:00.000+08:00'), factor: 1 };
    const bundle = await bundleOf(require.resolve('@qiyue/workflows-need'));
    const bench = await EngineBench.create({ deciders: [NEED], bundle, temporal: temporal.address, gateway: { pace } });
    await bench.startWorker();
    return new NeedsInTime(temporal, bench, pace);
  }

  async stop(): Promise<void> {
    await this.bench.close();
    await this.temporal.stop();
  }

  async now(): Promise<string> {
    return toShanghaiIso(businessMsAt(this.pace, await this.temporal.nowMs()));
  }

  /** Lets time pass until a business instant; earlier ones change nothing. */
  async until(instant: string): Promise<void> {
    const waitMs = realMsUntil(this.pace, await this.temporal.nowMs(), instantMsOf(instant));
    if (waitMs > 0) await this.temporal.pass(waitMs);
  }

  /** A new need; with `continueAfterUpdates` it continues as new that often. */
  async submit(actor: Actor, data: object = {}, continueAfterUpdates?: number): Promise<string> {
    const content = { title: '路灯', kind: 'tangible', items: [{ name: '路灯', quantity: 20, unit: '个' }], community: 'Lakeside', ...data };
    const command = await this.timed(commandFor(NEED, 'submit', content, { actor }), CALENDAR);
    await this.execute(command, continueAfterUpdates);
    return command.entity;
  }

  async does(entity: string, actor: Actor, { type, data }: NeedCommand, calendar?: CalendarDocument): Promise<void> {
    const command = commandFor(NEED, type, data as unknown as Command['data'], { entity, actor });
    const timed = await this.timed(command, calendar ?? CALENDAR);
    await this.execute(calendar === undefined ? timed : { ...timed, replaceTables: true });
  }

  /** `<business time> <type> <level or reach>` of every event behind `seq`, when the ledger holds as many as are expected. */
  async happened(entity: string, afterSeq: number, count: number): Promise<readonly string[]> {
    const records = await eventually(`${count} events behind seq ${afterSeq}`, async () => {
      const found = await this.bench.store.stream(entity, afterSeq + 1);
      return found.length >= count && found.map(openRecord);
    });
    return records.map(({ time, type, data }) => {
      const { level, reach } = data as { readonly level?: number; readonly reach?: string };
      return [time.slice(0, 16), type, level ?? reach].filter((part) => part !== undefined).join(' ');
    });
  }

  async runs(entity: string): Promise<{ readonly status: string; readonly isFirst: boolean }> {
    const { status, raw, runId } = await this.bench.client.workflow.getHandle(workflowIdOf('need', entity)).describe();
    return { status: status.name, isFirst: raw.workflowExecutionInfo?.firstRunId === runId };
  }

  private async timed(command: Command, calendar: CalendarDocument): Promise<Command> {
    return { ...command, receivedAt: await this.now(), tables: tablesOf(calendar) };
  }

  private async execute(command: Command, continueAfterUpdates?: number): Promise<void> {
    const gateway = this.bench.gateway(continueAfterUpdates === undefined ? {} : { continueAfterUpdates });
    const answer = await gateway.execute(command, WAIT_MS);
    if (answer.kind !== 'outcome' || answer.outcome.status !== 'accepted') throw new Error(`${command.type}: ${JSON.stringify(answer)}`);
    await answer.appended;
  }
}
