import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from './json-file';
import { processIdentity } from './process-identity';
import { messageOf, StackError } from './stack-error';

export const processState = z.enum(['starting', 'running', 'restarting', 'stopped']);
export type ProcessState = z.infer<typeof processState>;

const processEntry = z.object({
  name: z.string(),
  kind: z.enum(['server', 'app']),
  state: processState,
  identity: processIdentity.nullable(),
  /** Asks the process to end; SIGKILL comes after a bound. */
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
  /** Set when the process is only the client of a container of this name. */
  container: z.string().optional(),
  /** Where it tells its metrics. */
  metricsPort: z.number().int().optional(),
});
export type ProcessEntry = z.infer<typeof processEntry>;

export const USUAL_PORTS = { temporal: 7233, temporalUi: 8233, kafka: 9092, kafkaController: 9093, mongodb: 27_017, api: 8080, login: 8090 } as const;
/** Of a server or an interface, or where one of our processes tells its metrics. */
export type PortName = keyof typeof USUAL_PORTS | `metrics:${string}`;

const stackFile = z.object({
  state: z.enum(['up', 'starting', 'down']),
  supervisor: processIdentity.nullable(),
  error: z.string().nullable(),
  ports: z.record(z.string(), z.number().int()),
  addresses: z.object({
    api: z.string().nullable(),
    temporal: z.string().nullable(),
    temporalUi: z.string().nullable(),
    kafka: z.string().nullable(),
    mongodb: z.string().nullable(),
  }),
  processes: z.array(processEntry),
});
export type StackFile = z.infer<typeof stackFile>;

export const NO_ADDRESSES: StackFile['addresses'] = { api: null, temporal: null, temporalUi: null, kafka: null, mongodb: null };
const EMPTY: StackFile = { state: 'down', supervisor: null, error: null, ports: {}, addresses: NO_ADDRESSES, processes: [] };

const pathOf = (dataDir: string): string => join(dataDir, 'stack.json');

/** What the data folder knows of its servers and processes. Throws a StackError on a file that nobody of ours wrote. */
export const readStackFile = (dataDir: string): StackFile => {
  try {
    const found = readJson(pathOf(dataDir));
    return found === undefined ? EMPTY : stackFile.parse(found);
  } catch (error) {
    throw new StackError(`${pathOf(dataDir)} cannot be read (${messageOf(error)}); stop this folder's processes by hand and remove the file`);
  }
};

/** Only the holder of the data folder's lock calls this. */
export const updateStackFile = (dataDir: string, patch: Partial<StackFile>): StackFile => {
  const next = { ...readStackFile(dataDir), ...patch };
  writeJson(pathOf(dataDir), next, 0o600);
  return next;
};

/** Adds the entry or replaces the one of the same name. Synchronous: called in the tick in which a process was born. */
export const recordProcess = (dataDir: string, entry: ProcessEntry): void => {
  const { processes } = readStackFile(dataDir);
  const at = processes.findIndex(({ name }) => name === entry.name);
  updateStackFile(dataDir, { processes: at < 0 ? [...processes, entry] : processes.with(at, entry) });
};
