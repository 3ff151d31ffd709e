import { randomUUID } from 'node:crypto';
import { BUREAU, NEED_BODY, PEOPLE, type System } from '@qiyue/testkit';
import { PatientSender, type Channel } from '../patient-sender';
import { MergeSender, type Answer, type Asked } from './merge-sender';

/** A command with what each of its senders heard. */
export interface Given extends Asked {
  readonly answers: readonly Answer[];
  /** Until the last of them knew, ms. */
  readonly latencyMs: number;
}

export interface LoadOptions {
  /** Sources; some are merged twice at once. */
  readonly merges: number;
  readonly concurrency: number;
  /** Told after each source, with how many there are so far. */
  readonly onDone?: (done: number) => void;
}

/**
 * In turn: over HTTP; over Kafka; over both at once under one id; into two needs at once, of which one may have it; while a department claims the source;
 * into a need that has ended.
 */
const STORIES = ['http', 'kafka', 'both', 'twice', 'claimed', 'ended'] as const;
type Story = (typeof STORIES)[number];

const submit = { command: 'submit', as: PEOPLE.resident, body: NEED_BODY, gives: [] };
const withdraw = { command: 'withdraw', as: PEOPLE.resident, body: { reason: '已自行解决' }, gives: [] };
const newId = (): string => `sagas-${randomUUID()}`;

interface Needs {
  readonly sources: readonly string[];
  readonly targets: readonly [string, string];
  readonly ended: string;
}

/** The needs of a round: all of its merges go into the same few. */
export const needsFor = async (system: System, merges: number): Promise<Needs> => {
  const sender = new PatientSender(system);
  const born = async (): Promise<string> => (await sender.send('http', null, submit, newId())).needId;
  const [one, other, ended] = [await born(), await born(), await born()];
  await sender.send('http', ended, withdraw, newId());
  const sources: string[] = [];
  const bear = async (): Promise<void> => {
    while (sources.length < merges) {
      const at = sources.push('') - 1;
      sources[at] = await born();
    }
  };
  await Promise.all([bear(), bear(), bear(), bear()]);
  return { sources, targets: [one, other], ended };
};

/** Merges every source, so many at once. Rejects when a command has no answer in three minutes. */
export const runMerges = async (system: System, needs: Needs, { merges, concurrency, onDone }: LoadOptions): Promise<readonly Given[]> => {
  const story = new Stories(system, needs);
  const given: Given[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < merges; i = next++) {
      given.push(...(await story.play(STORIES[i % STORIES.length] ?? 'http', needs.sources[i] ?? '')));
      onDone?.((done += 1));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return given;
};

class Stories {
  private readonly sender: MergeSender;

  constructor(
    system: System,
    private readonly needs: Needs,
  ) {
    this.sender = new MergeSender(system);
  }

  play(story: Story, source: string): Promise<readonly Given[]> {
    const [one, other] = this.needs.targets;
    switch (story) {
      case 'http':
      case 'kafka':
        return Promise.all([this.give(merge(source, one), story)]);
      case 'both':
        return Promise.all([this.give(merge(source, other), 'http', 'kafka')]);
      case 'twice':
        return Promise.all([this.give(merge(source, one), 'http'), this.give(merge(source, other), 'http')]);
      case 'claimed':
        return Promise.all([this.give(merge(source, one), 'http'), this.give(claim(source), 'http')]);
      case 'ended':
        return Promise.all([this.give(merge(source, this.needs.ended), 'http')]);
    }
  }

  private async give(asked: Asked, ...channels: readonly Channel[]): Promise<Given> {
    const beganMs = performance.now();
    const answers = await Promise.all(channels.map((channel) => this.sender.send(channel, asked)));
    return { ...asked, answers, latencyMs: performance.now() - beganMs };
  }
}

const merge = (needId: string, into: string): Asked => ({ id: newId(), needId, type: 'merge', data: { into } });
const claim = (needId: string): Asked => ({ id: newId(), needId, type: 'claim', data: { unit: BUREAU, plan: '两周内完工' } });
