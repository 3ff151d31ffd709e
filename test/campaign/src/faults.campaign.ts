import { APP_NAMES, SERVER_NAMES, eventually, startSystem, type System, type Victim } from '@qiyue/testkit';
import { checkSoundness, drain, isSound, type Soundness } from './checks';
import type { CampaignResult, Row } from './figures';
import { runLoad, type Life } from './load';
import { measured } from './percentiles';

export const VICTIMS: readonly Victim[] = [...APP_NAMES, ...SERVER_NAMES];

export interface FaultsOptions {
  readonly victims?: readonly Victim[];
  /** At least so many commands are given around the killing of each victim. */
  readonly commandsPerVictim?: number;
  /** How often each victim is killed during its load. */
  readonly kills?: number;
  readonly concurrency?: number;
  readonly onProgress?: (line: string) => void;
}

export interface FaultRound {
  readonly victim: Victim;
  readonly commands: number;
  readonly kills: number;
  readonly failures: readonly string[];
  /** Longest time that one command needed, all attempts together, ms. */
  readonly longestMs: number;
  readonly drainMs: number;
  readonly wallMs: number;
}

const COMMANDS_PER_NEED = 12;
const PROGRESS_REPORTS = 3;

/** Kills each victim with SIGKILL in the middle of a load over both channels, starts it again, and looks at everything in the end. */
export const faultsCampaign = async (options: FaultsOptions = {}): Promise<CampaignResult> => {
  const { victims = VICTIMS, commandsPerVictim = 300, kills = 3, concurrency = 6, onProgress } = options;
  const system = await startSystem();
  try {
    const lives: Life[] = [];
    const rounds: FaultRound[] = [];
    for (const victim of victims) {
      onProgress?.(`${victim}: ${commandsPerVictim} commands, ${kills} × SIGKILL`);
      rounds.push(await faultRound(system, victim, { commandsPerVictim, kills, concurrency }, lives));
    }
    return resultOf(rounds, await checkSoundness(system, lives), system.crashes, {
      commandsPerVictim,
      kills,
      concurrency,
      channels: 'http and kafka in turn',
    });
  } finally {
    await system.stop();
  }
};

const faultRound = async (
  system: System,
  victim: Victim,
  { commandsPerVictim, kills, concurrency }: Required<Pick<FaultsOptions, 'commandsPerVictim' | 'kills' | 'concurrency'>>,
  lives: Life[],
): Promise<FaultRound> => {
  const needs = Math.ceil(commandsPerVictim / COMMANDS_PER_NEED);
  const total = needs * COMMANDS_PER_NEED;
  let answered = 0;
  const loading = runLoad(system, { needs, concurrency, progressReports: PROGRESS_REPORTS, onAnswered: (count) => (answered = count) });
  let over = false;
  const loaded = loading.finally(() => (over = true));
  let killed = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const from = Math.floor((total * kill) / (kills + 1));
    await eventually(`${from} commands`, () => over || answered >= from, 300_000);
    if (over) break;
    await killAndRestart(system, victim);
    killed += 1;
  }
  const result = await loaded;
  lives.push(...result.lives);
  const drainMs = await drain(system, lives);
  const times = result.lives.flatMap(({ commands }) => commands.map(({ heard }) => heard.latencyMs));
  const { failures, commands, wallMs } = result;
  return { victim, commands, kills: killed, failures, longestMs: measured(times).maxMs, drainMs: Math.round(drainMs), wallMs: Math.round(wallMs) };
};

const killAndRestart = async (system: System, victim: Victim): Promise<void> => {
  const process = system.process(victim);
  await process.kill('SIGKILL');
  await process.restart();
};

const resultOf = (
  rounds: readonly FaultRound[],
  soundness: Soundness,
  crashes: readonly string[],
  conditions: Readonly<Record<string, unknown>>,
): CampaignResult => {
  const missed = rounds.filter(({ kills }) => kills === 0).map(({ victim }) => `${victim} was never killed: the load was over too soon`);
  const failures = rounds.flatMap(({ victim, failures: words }) => words.map((word) => `${victim}: ${word}`));
  const troubles = [...missed, ...failures, ...(isSound(soundness) ? [] : [JSON.stringify(soundness)])];
  const rows: Row[] = rounds.map(({ failures: words, ...round }) => ({ ...round, failed: words.length }));
  return { sound: troubles.length === 0, conditions: { ...conditions, soundness, crashes }, rows, troubles };
};
