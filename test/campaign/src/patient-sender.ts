import type { Answer, System } from '@qiyue/testkit';
import type { Step } from './need-plan';

export type Channel = 'http' | 'kafka';

/** What the sender heard in the end. `attempts` counts HTTP requests, or sends of the message. */
export interface Heard {
  readonly needId: string;
  readonly latencyMs: number;
  readonly attempts: number;
}

const GIVE_UP_MS = 180_000;
const PAUSE_MS = 100;
const POLL_MS = 40;

/** The system said a final "no" to a command that the plan holds for good. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/**
 * Sends one command until its outcome is known, always under the same id, as a careful client does: after a cut
 * connection, a 5xx or a 202 it asks again. Throws `Refused`, or an Error when three minutes were not enough.
 */
export class PatientSender {
  constructor(private readonly system: System) {}

  async send(channel: Channel, needId: string | null, step: Step, commandId: string): Promise<Heard> {
    const beganMs = performance.now();
    const heard = channel === 'http' ? await this.overHttp(needId, step, commandId) : await this.overKafka(needId, step, commandId);
    return { ...heard, latencyMs: performance.now() - beganMs };
  }

  private async overHttp(needId: string | null, { command, as, body }: Step, key: string): Promise<Omit<Heard, 'latencyMs'>> {
    const path = needId === null ? '/v1/needs' : `/v1/needs/${needId}/${command}`;
    const untilMs = Date.now() + GIVE_UP_MS;
    for (let attempts = 1; Date.now() < untilMs; attempts += 1) {
      const answer = await this.system.post(path, as, body, key).catch(() => null);
      if (answer !== null && (answer.status === 200 || answer.status === 201)) return { needId: String(answer.body['needId']), attempts };
      throwIfFinal(answer, command, key);
      await pause(PAUSE_MS);
    }
    throw new Error(`${command} ${key}: no outcome over HTTP in ${GIVE_UP_MS} ms`);
  }

  private async overKafka(needId: string | null, { command, as, body }: Step, id: string): Promise<Omit<Heard, 'latencyMs'>> {
    const token = await this.system.token(as);
    await this.system.kafka.send({ id, type: command, ...(needId === null ? {} : { subject: needId }), data: body, token });
    const untilMs = Date.now() + GIVE_UP_MS;
    while (Date.now() < untilMs) {
      const answer = await this.system.get(`/v1/commands/${id}`, as).catch(() => null);
      const state = answer?.status === 200 ? answer.body['state'] : null;
      if (state === 'accepted') return { needId: String(answer?.body['needId']), attempts: 1 };
      if (state === 'refused' || state === 'dead') throw new Refused(`${command} ${id}: ${String(state)} ${String(answer?.body['code'])}`);
      await pause(POLL_MS);
    }
    throw new Error(`${command} ${id}: no outcome over Kafka in ${GIVE_UP_MS} ms`);
  }
}

const throwIfFinal = (answer: Answer | null, command: string, key: string): void => {
  if (answer !== null && answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
    throw new Refused(`${command} ${key}: ${answer.status} ${String(answer.body['code'])}`);
  }
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
