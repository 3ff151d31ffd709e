import { collectDefaultMetrics, Counter, Registry } from 'prom-client';

/** What each of our processes counts of its own work. Labels are names out of closed lists: nothing about a person or a need. */
export class ProcessMetrics {
  readonly registry = new Registry();
  readonly messages = this.counter('qiyue_messages_total', 'Messages by reader and what became of them: handled, dead', ['group', 'outcome']);
  readonly batchRetries = this.counter('qiyue_batch_retries_total', 'Batches that were given to their handler again', ['group']);
  readonly published = this.counter('qiyue_published_records_total', 'Records of a ledger that the broker has taken', ['ledger']);
  readonly relayTroubles = this.counter('qiyue_relay_troubles_total', 'Times that the relay had to try again, by phase', ['ledger', 'phase']);
  readonly appended = this.counter('qiyue_appends_total', 'Appends that workflows made themselves, by outcome', ['outcome']);
  readonly notices = this.counter('qiyue_notices_total', 'Messages to people by channel and what became of them', ['channel', 'outcome']);
  readonly alarms = this.counter('qiyue_alarms_total', 'Alarms that supervisors and operators were told of, by kind', ['kind']);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  private counter<T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}

let own: ProcessMetrics | null = null;

/** Those of this process; made when they are first asked for. */
export const processMetrics = (): ProcessMetrics => (own ??= new ProcessMetrics());
