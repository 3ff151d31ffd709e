import { ProblemError, QiyueClient, isPending, type CommandResult } from '@qiyue/client';
import { KeyedSemaphore } from '@qiyue/engine-runtime';
import { mintToken } from '@qiyue/stack';
import type { Language } from '../../context';
import { eventually } from '../eventually';
import type { Rehearsal } from '../rehearsal';

type Standing = Readonly<Record<string, unknown>>;

/** A county does not press all its buttons at one instant: a day in it is a second or two here. */
const AT_ONCE = 8;
/** Refusals of what the clock has overtaken. */
const MISSED = new Set<string>(['too-late', 'wrong-stage']);

/** Everybody in the county, each with a token of their own, made when they are first needed. */
export class CountyCast {
  private readonly clients = new Map<string, Promise<QiyueClient>>();
  private readonly turns = new KeyedSemaphore(AT_ONCE);
  private count = 0;

  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly language: Language,
  ) {}

  of(role: string, unit?: string, actor = `${role}-of-${unit ?? 'county'}`): Promise<QiyueClient> {
    const known = this.clients.get(actor) ?? this.made(actor, role, unit);
    this.clients.set(actor, known);
    return known;
  }

  /** Starts an entity and gives its id. */
  async starts(as: Promise<QiyueClient>, path: string, body: object, idName: string): Promise<string> {
    const key = this.nextKey();
    const standing = await this.outcomeOf(`${path} ${key}`, async () => (await as).start(path, body, { key }));
    return String(standing[idName]);
  }

  async does(as: Promise<QiyueClient>, path: string, entity: string, command: string, body: object = {}): Promise<void> {
    const key = this.nextKey();
    await this.outcomeOf(`${command} of ${entity}`, async () => (await as).commandOn(path, entity, command, body, { key }));
  }

  /** The same for what has to be done in time; false when a slow machine was too late for it. */
  async doesInTime(...command: Parameters<CountyCast['does']>): Promise<boolean> {
    try {
      await this.does(...command);
      return true;
    } catch (error) {
      if (error instanceof ProblemError && MISSED.has(error.code)) return false;
      throw error;
    }
  }

  /** Asks again with the same key, which is the same command, until its outcome is known: a busy year on a slow machine is no reason to stop. */
  private outcomeOf(what: string, send: () => Promise<CommandResult>): Promise<Standing> {
    return this.turns.run('command', () =>
      eventually(`the outcome of ${what}`, async () => {
        const result = await send().catch(laterWhenBusy);
        return result === null || isPending(result) ? null : (result as unknown as Standing);
      }),
    );
  }

  private async made(actor: string, role: string, unit: string | undefined): Promise<QiyueClient> {
    const token = await mintToken({ dataDir: this.rehearsal.dataDir, actor, role, ...(unit === undefined ? {} : { unit }) });
    return new QiyueClient({ baseUrl: this.rehearsal.api, token, language: this.language });
  }

  private nextKey(): string {
    return `county-${(this.count += 1)}`;
  }
}

const laterWhenBusy = (error: unknown): null => {
  if (error instanceof ProblemError && (error.status === 429 || error.status === 503)) return null;
  throw error;
};
