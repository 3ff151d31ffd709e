import { randomBytes } from 'node:crypto';
import { ProblemError, isPending } from '@qiyue/client';
import { commandTopicOf } from '@qiyue/engine';
import type { Do, PublicNeedCommandType } from '@qiyue/need-domain';
import type { Person, System } from './system';

type Verb = Exclude<PublicNeedCommandType, 'submit'>;
interface StepOf<T extends Verb> {
  readonly who: Person;
  readonly verb: T;
  readonly body: Do<T>['data'];
}
type Step = { readonly [T in Verb]: StepOf<T> }[Verb];

const COMMUNITY = '民悦社区';
const UNIT = '稷山县政府办';
export const GRID: Person = { actor: 'grid-1', role: 'grid', unit: COMMUNITY };
export const STAFF: Person = { actor: 'staff-1', role: 'community', unit: COMMUNITY };
export const OFFICE: Person = { actor: 'office-1', role: 'department', unit: UNIT };
export const SUBMISSION: Do<'submit'>['data'] = {
  title: '安装太阳能路灯',
  kind: 'tangible',
  items: [{ name: '太阳能路灯', quantity: 20, unit: '个' }],
  community: COMMUNITY,
};

const step = <T extends Verb>(who: Person, verb: T, body: Do<T>['data']): StepOf<T> => ({ who, verb, body });

export const STEPS: readonly Step[] = [
  step(STAFF, 'inspect', { notes: '现场核实' }),
  step(OFFICE, 'claim', { unit: UNIT, plan: '采购安装' }),
  step(OFFICE, 'fund', { amountFen: 3_000_000, source: 'department', reference: '2024-07' }),
  step(OFFICE, 'start', {}),
  step(OFFICE, 'progress', { note: '材料到场' }),
  step(OFFICE, 'complete', { evidence: [{ kind: 'note', text: '完工' }] }),
  step(STAFF, 'accept', {}),
  step(GRID, 'evaluate', { side: 'resident', score: 5, satisfied: true }),
  step(STAFF, 'evaluate', { side: 'community', score: 5, satisfied: true }),
];
/** Commands of a whole life, the submit included. */
export const COMMANDS_PER_LIFE = STEPS.length + 1;
/** The second evaluation gives two records. */
export const RECORDS_PER_LIFE = COMMANDS_PER_LIFE + 1;

/** A command that was accepted: exactly once it must be in the ledger. */
export interface Accepted {
  readonly commandId: string;
  readonly needId: string;
  readonly tookMs: number;
  /** When, ms since 1970. */
  readonly atMs: number;
}

export interface LivesOptions {
  readonly needs: number;
  readonly atOnce: number;
  readonly patienceMs?: number;
  /** Both, by turns, unless given. */
  readonly channel?: 'http';
  readonly onAccepted?: (count: number) => void;
}

const RETRY_PAUSE_MS = 100;
const PATIENCE_MS = 120_000;

/** Lives of needs as real clients would give them: over both channels, and again with the same id until there is an answer. */
export class Lives {
  readonly accepted: Accepted[] = [];
  readonly needIds: string[] = [];
  private readonly run = randomBytes(4).toString('hex');

  constructor(
    private readonly system: System,
    private readonly options: LivesOptions,
  ) {}

  async live(): Promise<void> {
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < this.options.needs) await this.liveOne((next += 1));
    };
    await Promise.all(Array.from({ length: this.options.atOnce }, worker));
  }

  private async liveOne(index: number): Promise<void> {
    const needId = await this.command(`${this.run}-${index}-0`, async (key) => {
      const result = await this.system.client(GRID).submit(SUBMISSION, { key });
      return isPending(result) ? null : result.needId;
    });
    this.needIds.push(needId);
    for (const [i, { who, verb, body }] of STEPS.entries()) {
      const key = `${this.run}-${index}-${i + 1}`;
      await this.command(
        key,
        (id) =>
          this.options.channel === 'http' || (index + i) % 2 === 0
            ? this.overHttp(who, needId, verb, body, id)
            : this.overKafka(who, needId, verb, body, id),
        needId,
      );
    }
  }

  private async overHttp(who: Person, needId: string, verb: Verb, body: object, key: string): Promise<string | null> {
    const result = await this.system.client(who).command(needId, verb, body as never, { key });
    return isPending(result) ? null : needId;
  }

  private async overKafka(who: Person, needId: string, verb: Verb, body: object, id: string): Promise<string | null> {
    const event = { specversion: '1.0', id, source: '/campaign', type: `qiyue.need.${verb}.v1`, subject: needId, data: body };
    const headers = { authorization: `Bearer ${await this.system.token(who)}` };
    await this.system.publisher.send(commandTopicOf('need'), [{ key: needId, value: JSON.stringify(event), headers }]);
    return this.outcomeOf(who, needId, id);
  }

  /** Polls for a while; null sends the command again, which must do no harm. */
  private async outcomeOf(who: Person, needId: string, id: string): Promise<string | null> {
    for (let look = 0; look < 40; look += 1) {
      await pause(50);
      const status = await this.system
        .client(who)
        .commandStatus(id)
        .catch(() => null);
      if (status?.state === 'accepted') return needId;
      if (status?.state === 'refused' || status?.state === 'dead') throw new Refused(`${id} was ${status.state}: ${status.code ?? ''}`);
    }
    return null;
  }

  /** The same id until it is accepted. A refusal ends the campaign: every one of these commands is in order. */
  private async command(key: string, attempt: (key: string) => Promise<string | null>, needId?: string): Promise<string> {
    const startedMs = Date.now();
    while (Date.now() - startedMs < (this.options.patienceMs ?? PATIENCE_MS)) {
      try {
        const answer = await attempt(key);
        if (answer !== null) {
          this.accepted.push({ commandId: key, needId: needId ?? answer, tookMs: Date.now() - startedMs, atMs: Date.now() });
          this.options.onAccepted?.(this.accepted.length);
          return answer;
        }
      } catch (error) {
        if (error instanceof Refused || (error instanceof ProblemError && error.problem.status < 500 && error.problem.status !== 404)) throw error;
      }
      await pause(RETRY_PAUSE_MS);
    }
    throw new Error(`no answer to ${key}`);
  }
}

class Refused extends Error {}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
