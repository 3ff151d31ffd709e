import { APP_NAMES, eventually, SERVER_NAMES, startSystem, PEOPLE, type System, type Victim } from '@qiyue/testkit';
import { drain } from '../checks';
import type { CampaignResult, Row } from '../figures';
import { measured } from '../percentiles';
import { needsFor, runMerges, type Given } from './merge-load';
import { verdictOn } from './merge-verdict';

export interface SagasOptions {
  readonly victims?: readonly Victim[];
  /** Needs that are merged around the killing of each victim. */
  readonly mergesPerVictim?: number;
  /** How often each victim is killed meanwhile. */
  readonly kills?: number;
  readonly concurrency?: number;
  /** Merges, and as many single commands, one after the other before anything is killed. */
  readonly quiet?: number;
  readonly onProgress?: (line: string) => void;
}

type Round = Required<Pick<SagasOptions, 'mergesPerVictim' | 'kills' | 'concurrency'>>;

/**
 * Kills each process and server with SIGKILL in the middle of merges, which are commands over two streams, over both channels, with races for the same need
 * and needs that refuse; then every command has one answer, and nothing is half done.
 */
export const sagasCampaign = async (options: SagasOptions = {}): Promise<CampaignResult> => {
  const { victims = [...APP_NAMES, ...SERVER_NAMES], mergesPerVictim = 42, kills = 2, concurrency = 6, quiet = 40, onProgress } = options;
  const round = { mergesPerVictim, kills, concurrency };
  const system = await startSystem();
  try {
    const calm = await quietTimes(system, quiet);
    const given: Given[] = [];
    const rows: Row[] = [];
    for (const victim of victims) {
      onProgress?.(`${victim}: ${mergesPerVictim} needs are merged, ${kills} × SIGKILL`);
      const { row, commands } = await killedRound(system, victim, round);
      rows.push(row);
      given.push(...commands);
    }
    onProgress?.('every answer is asked for again, and held against the ledger');
    const { wrong, takenBack, ledgerRecords } = await verdictOn(system, given);
    const missed = rows.filter((row) => row['kills'] === 0).map((row) => `${row['victim']} was never killed: all was over too soon`);
    const troubles = [...missed, ...wrong];
    const merges = given.filter(({ type }) => type === 'merge').length;
    const conditions = {
      ...round,
      channels: 'http and kafka',
      commands: given.length,
      merges,
      takenBack,
      ledgerRecords,
      quiet: calm,
      crashes: system.crashes,
    };
    return { sound: troubles.length === 0, conditions, rows, troubles };
  } finally {
    await system.stop();
  }
};

const killedRound = async (
  system: System,
  victim: Victim,
  { mergesPerVictim: merges, kills, concurrency }: Round,
): Promise<{ readonly row: Row; readonly commands: readonly Given[] }> => {
  const needs = await needsFor(system, merges);
  const beganMs = performance.now();
  let done = 0;
  let over = false;
  const merging = runMerges(system, needs, { merges, concurrency, onDone: (count) => (done = count) }).finally(() => (over = true));
  merging.catch(() => undefined); // it is awaited below
  let killed = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const from = Math.floor((merges * kill) / (kills + 1));
    await eventually(`${from} merges`, () => over || done >= from, 300_000);
    if (over) break;
    await system.process(victim).kill('SIGKILL');
    await system.process(victim).restart();
    killed += 1;
  }
  const commands = await merging;
  const wallMs = Math.round(performance.now() - beganMs);
  const drainMs = Math.round(await drain(system, []));
  const accepted = commands.filter(({ answers: [first] }) => first?.state === 'accepted').length;
  const { p50Ms, maxMs: longestMs } = measured(commands.map(({ latencyMs }) => latencyMs));
  const row = { victim, commands: commands.length, kills: killed, accepted, refused: commands.length - accepted, p50Ms, longestMs, drainMs, wallMs };
  return { row, commands };
};

const { community } = PEOPLE;

/** What a command over two streams costs beside a single one, from the outside, with nobody else about. */
const quietTimes = async (system: System, times: number): Promise<Readonly<Record<string, number>>> => {
  if (times === 0) return {};
  const { sources, targets } = await needsFor(system, times);
  const timed = async (needId: string, command: string, body: object): Promise<number> => {
    const beganMs = performance.now();
    const { status } = await system.post(`/v1/needs/${needId}/${command}`, community, body);
    if (status !== 200) throw new Error(`${command} was answered ${status}`);
    return performance.now() - beganMs;
  };
  const singles: number[] = [];
  const sagas: number[] = [];
  for (const source of sources) {
    singles.push(await timed(source, 'inspect', { notes: '现场核实，情况属实' }));
    sagas.push(await timed(source, 'merge', { into: targets[0] }));
  }
  const [single, saga] = [measured(singles), measured(sagas)];
  const ratio = Math.round((saga.p50Ms / single.p50Ms) * 100) / 100;
  return { times, singleP50Ms: single.p50Ms, singleP99Ms: single.p99Ms, sagaP50Ms: saga.p50Ms, sagaP99Ms: saga.p99Ms, ratio };
};
