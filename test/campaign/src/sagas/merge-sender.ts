import { PEOPLE, type System } from '@qiyue/testkit';
import type { Channel } from '../patient-sender';

/** What a command's sender hears in the end, over whichever channel. */
export type Answer = { readonly state: 'accepted'; readonly seq: number } | { readonly state: 'refused'; readonly code: string };

/** A command about a need that may be refused. */
export interface Asked {
  readonly id: string;
  readonly needId: string;
  readonly type: 'merge' | 'claim';
  readonly data: object;
}

const GIVE_UP_MS = 180_000;
const PAUSE_MS = 100;
const POLL_MS = 40;
const { community, department } = PEOPLE;

/** Sends one command under its id until it has its answer, a refusal too; after a cut connection, a 5xx or a 202 it asks again. */
export class MergeSender {
  constructor(private readonly system: System) {}

  async send(channel: Channel, asked: Asked): Promise<Answer> {
    if (channel === 'http') return this.until(asked, PAUSE_MS, () => this.askOverHttp(asked));
    const token = await this.system.token(senderOf(asked));
    await this.system.kafka.send({ id: asked.id, type: asked.type, subject: asked.needId, data: asked.data, token });
    return this.until(asked, POLL_MS, () => this.known(asked));
  }

  /** By the log of commands alone; null while it knows of no outcome. */
  async known(asked: Asked): Promise<Answer | null> {
    const { status, body } = await this.system.get(`/v1/commands/${asked.id}`, senderOf(asked));
    if (status !== 200) return null;
    const { state } = body;
    if (state === 'accepted') return { state, seq: Number(body['seq']) };
    return state === 'refused' || state === 'dead' ? { state: 'refused', code: String(body['code']) } : null;
  }

  private async askOverHttp({ id, needId, type, data }: Asked): Promise<Answer | null> {
    const { status, body } = await this.system.post(`/v1/needs/${needId}/${type}`, senderOf({ type }), data, id);
    if (status === 200) return { state: 'accepted', seq: Number(body['seq']) };
    return status >= 400 && status < 500 && status !== 429 ? { state: 'refused', code: String(body['code']) } : null;
  }

  private async until({ type, id }: Asked, pauseMs: number, ask: () => Promise<Answer | null>): Promise<Answer> {
    for (const untilMs = Date.now() + GIVE_UP_MS; Date.now() < untilMs;) {
      const answer = await ask().catch(() => null);
      if (answer !== null) return answer;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    throw new Error(`${type} ${id}: no answer in ${GIVE_UP_MS} ms`);
  }
}

const senderOf = ({ type }: Pick<Asked, 'type'>) => (type === 'merge' ? community : department);
