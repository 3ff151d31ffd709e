import { securityIn, temporalSecurityOf } from '@qiyue/platform';
import type { AnyAggregate, AttributeType } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { ProcessPlan } from '../base/tended-process';
import { findProgram } from '../programs/find-program';
import { temporalRecipe } from '../programs/recipes';
import { containerPlan, findOrigin, logFileOf, serverFolder, type Launched, type ProgramContext, type ServerContext } from './server-context';

type Attributes = Readonly<Record<string, AttributeType>>;

/** Typed search attributes of every workflow; none holds personal data. */
export const searchAttributesOf = (aggregates: readonly Pick<AnyAggregate, 'searchAttributes'>[]): Attributes => ({
  ...(Object.assign({}, ...aggregates.map(({ searchAttributes }) => searchAttributes ?? {})) as Attributes),
  EntityRules: 'Keyword',
});
export const SEARCH_ATTRIBUTES = searchAttributesOf(AGGREGATES);
/** Temporal's own numbers for the types (`IndexedValueType` of its API). */
const TYPE_NUMBER: Record<AttributeType, 2 | 6> = { Keyword: 2, Datetime: 6 };
const PROBE_BOUND_MS = 5000;

export interface TemporalServer {
  readonly plan: ProcessPlan;
  readonly address: string;
  readonly uiUrl: string;
}

/**
 * A task that the code could not go on with is tried again after a pause that grows to ten minutes, by Temporal's own default. The right code is then
 * deployed, and still nothing happens. This and a task's own two and a half seconds are the longest wait.
 */
const TASK_RETRY_MAX = 'history.workflowTaskRetryMaxInterval="7s"';

/** Both pragmas are needed: without WAL an update takes seconds, without FULL a power cut loses acknowledged ones. */
export const startArgs = (ip: string, port: number, uiPort: number, database: string): string[] => [
  ...['server', 'start-dev', '--ip', ip, '--port', String(port), '--ui-port', String(uiPort), '--db-filename', database],
  ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL', '--log-level', 'warn'],
  ...['--dynamic-config-value', TASK_RETRY_MAX],
  ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
];

export const findTemporal = (context: ProgramContext) => findOrigin(temporalRecipe, findProgram(context.env, 'temporal'), context);

export const planTemporal = async (context: ServerContext, namespace: string): Promise<TemporalServer> => {
  const { dataDir, env, ports } = context;
  const origin = await findTemporal(context);
  const [port, uiPort] = [await ports.choose('temporal'), await ports.choose('temporalUi')];
  const address = `127.0.0.1:${port}`;
  const common = {
    name: 'temporal',
    kind: 'server',
    env,
    logFile: logFileOf(dataDir, 'temporal'),
    stopSignal: 'SIGINT',
    probe: () => probeTemporal(address, namespace),
  } as const;
  const done = (launch: Launched): TemporalServer => ({
    plan: { ...common, ...launch },
    address,
    uiUrl: `http://127.0.0.1:${uiPort}`,
  });
  if (origin.via === 'docker') {
    const args = startArgs('0.0.0.0', port, uiPort, '/data/temporal.db');
    return done(
      containerPlan({
        docker: origin.docker,
        name: 'temporal',
        image: temporalRecipe.image,
        ports: [port, uiPort],
        dataDir,
        mountedAt: '/data',
        args,
      }),
    );
  }
  const command = origin.via === 'path' ? origin.program : join(origin.folder, temporalRecipe.proof);
  const args = startArgs('127.0.0.1', port, uiPort, join(serverFolder(dataDir, 'temporal'), 'temporal.db'));
  return done({ command, args: namespace === 'default' ? args : [...args, '--namespace', namespace] });
};

const withConnection = async <T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> => {
  const connection = await Connection.connect({ address, connectTimeout: PROBE_BOUND_MS, ...temporalSecurityOf(securityIn(process.env)) });
  try {
    return await connection.withDeadline(Date.now() + PROBE_BOUND_MS, () => use(connection));
  } finally {
    await connection.close();
  }
};

/** Throws unless the server knows the namespace and can list its workflows. */
export const probeTemporal = (address: string, namespace: string): Promise<void> =>
  withConnection(address, async ({ workflowService }) => {
    await workflowService.describeNamespace({ namespace });
    await workflowService.listWorkflowExecutions({ namespace, pageSize: 1 });
  });

/** Adds the search attributes that the server lacks. A server of ours has them from its start, a given one may not. */
export const ensureSearchAttributes = (address: string, namespace: string, attributes: Attributes = SEARCH_ATTRIBUTES): Promise<void> =>
  withConnection(address, async ({ operatorService }) => {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = Object.entries(attributes).filter(([name]) => customAttributes[name] === undefined);
    if (missing.length === 0) return;
    const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, TYPE_NUMBER[type]]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
  });
