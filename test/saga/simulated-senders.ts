import type { Command, GatewayAnswer, SagaRunner } from '@qiyue/engine-runtime';
import type { Dice, Turns } from './simulated-turns';
import { Crash, type World } from './simulated-world';

const DEADLINE_TURNS = 60;

/** Send commands over one to three channels at once, again and again until each has an answer, and keep what they heard. */
export class Senders {
  private readonly heard = new Map<string, { readonly command: Command; readonly answers: Set<string> }>();

  constructor(
    private readonly dice: Dice,
    private readonly turns: Turns,
    private readonly world: World,
    private readonly runner: SagaRunner,
  ) {}

  /** Resolves when each channel has its answer. `within`: turns until the last of them begins. */
  async send(command: Command, channels = this.dice.between(1, 3), within = 150): Promise<void> {
    const key = `${command.commandId} ${command.fingerprint}`;
    if (!this.heard.has(key)) this.heard.set(key, { command, answers: new Set() });
    await Promise.all(Array.from({ length: channels }, () => this.untilAnswered(command, key, within)));
  }

  /** Of a key that was used for two commands at once either may hear so before it hears its answer. */
  contradictions(): readonly string[] {
    const heard = [...this.heard.values()];
    const isReused = (id: string): boolean => heard.filter(({ command }) => command.commandId === id).length > 1;
    return heard
      .map(({ command, answers }) => ({
        command,
        answers: answers.size > 1 && isReused(command.commandId) ? new Set([...answers].filter((answer) => answer !== 'key-reused')) : answers,
      }))
      .filter(({ answers }) => answers.size !== 1)
      .map(({ command, answers }) => `${command.commandId} has ${answers.size} answers: ${[...answers].join(' | ')}`);
  }

  isAccepted({ commandId, fingerprint }: Command): boolean {
    return [...(this.heard.get(`${commandId} ${fingerprint}`)?.answers ?? [])].some((answer) => answer.startsWith('accepted'));
  }

  private async untilAnswered(command: Command, key: string, within: number): Promise<void> {
    await this.turns.sleep(this.dice.between(0, within));
    for (;;) {
      try {
        const answer = this.runner.takes(command) ? await this.runner.execute(command, DEADLINE_TURNS) : await this.world.gateway.execute(command);
        const words = wordsOf(answer);
        if (words !== null) return void this.heard.get(key)?.answers.add(words);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
      await this.turns.sleep(5);
    }
  }
}

/** Null when it may be asked again. */
const wordsOf = (answer: GatewayAnswer): string | null => {
  if (answer.kind === 'unknown') return null;
  if (answer.kind !== 'outcome') return answer.kind;
  const { outcome } = answer;
  if (outcome.status === 'accepted') return `accepted at ${outcome.seq}`;
  const { code } = outcome.refusal;
  return code === 'busy' || code === 'diverged' ? null : `refused at ${outcome.seq}: ${code}`;
};
