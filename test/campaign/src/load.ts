import { randomUUID } from 'node:crypto';
import type { System } from '@qiyue/testkit';
import { needPlan, type Step } from './need-plan';
import { PatientSender, type Channel, type Heard } from './patient-sender';

/** A need that was led through its plan, with the ids of its commands in the order in which they were given. */
export interface Life {
  readonly needId: string;
  readonly commands: readonly { readonly id: string; readonly step: Step; readonly channel: Channel; readonly heard: Heard }[];
}

export interface LoadOptions {
  readonly needs: number;
  /** Needs that are under way at once. */
  readonly concurrency: number;
  readonly progressReports?: number;
  /** Channel of each command; HTTP and Kafka in turn unless given. */
  readonly channelOf?: (need: number, command: number) => Channel;
  /** Told after every command that was answered, with how many there are so far. */
  readonly onAnswered?: (answered: number) => void;
  /** No new need is begun once this says so. */
  readonly enough?: () => boolean;
}

export interface LoadResult {
  readonly lives: readonly Life[];
  readonly commands: number;
  readonly wallMs: number;
  /** Needs whose plan could not be carried out, and why. */
  readonly failures: readonly string[];
}

const inTurn = (need: number, command: number): Channel => ((need + command) % 2 === 0 ? 'http' : 'kafka');

/** Leads needs through their lives, each command after the outcome of the one before. Does not throw: failures are part of the result. */
export const runLoad = async (system: System, options: LoadOptions): Promise<LoadResult> => {
  const { needs, concurrency, progressReports = 0, channelOf = inTurn, onAnswered, enough } = options;
  const sender = new PatientSender(system);
  const plan = needPlan(progressReports);
  const lives: Life[] = [];
  const failures: string[] = [];
  let next = 0;
  let answered = 0;
  const live = async (need: number): Promise<Life> => {
    const commands: Life['commands'][number][] = [];
    let needId: string | null = null;
    for (const [i, step] of plan.entries()) {
      const id = `campaign-${randomUUID()}`;
      const channel = channelOf(need, i);
      const heard: Heard = await sender.send(channel, needId, step, id);
      needId = heard.needId;
      commands.push({ id, step, channel, heard });
      answered += 1;
      onAnswered?.(answered);
    }
    return { needId: needId ?? '', commands };
  };
  const worker = async (): Promise<void> => {
    while (next < needs && !enough?.()) {
      await live((next += 1)).then(
        (life) => void lives.push(life),
        (error: unknown) => void failures.push(error instanceof Error ? error.message : String(error)),
      );
    }
  };
  const beganMs = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { lives, commands: answered, wallMs: performance.now() - beganMs, failures };
};
