import { AGGREGATES } from '@qiyue/aggregates';
import { ActivationStore, forecastRetiming, RetimeRuns, TableStore, type RetimeForecast } from '@qiyue/edge';
import { toShanghaiIso, type Tables } from '@qiyue/engine';
import { connectMongo, connectTemporal, securityIn } from '@qiyue/platform';
import { LedgerStore } from '@qiyue/engine-runtime';
import { statusOf } from '@qiyue/stack';
import { journaled, type CliJournal } from '../audit/audit-dependencies';
import { CliError, dataDir } from '../context';
import { inWords } from '../show/language';

export interface TableTools {
  readonly store: TableStore;
  readonly runs: RetimeRuns;
  readonly journal: CliJournal;
  /** What these tables would do to all that is open. */
  forecast(tables: Tables, onProgress: (done: number, of: number) => void): Promise<RetimeForecast>;
}

const serversOf = (): { readonly uri: string | null; readonly address: string | null } => {
  const status = statusOf(dataDir());
  return { uri: process.env['QIYUE_MONGODB_URI'] ?? status.mongodb, address: process.env['QIYUE_TEMPORAL_ADDRESS'] ?? status.temporal };
};

/** Whether `withTables` knows where to ask. */
export const tablesAreThere = (): boolean => Object.values(serversOf()).every((place) => place !== null);

/** Calendar and policy of the running stack, or of the servers that the environment names. */
export const withTables = async <T>(work: (tools: TableTools) => Promise<T>): Promise<T> => {
  const { uri, address } = serversOf();
  if (uri === null || address === null) {
    throw new CliError(
      inWords({
        'zh-CN': '系统没有启动：用 `npx qiyue up --detach` 启动，或设置 QIYUE_MONGODB_URI 和 QIYUE_TEMPORAL_ADDRESS',
        en: 'the system is not up: start it with `npx qiyue up --detach`, or set QIYUE_MONGODB_URI and QIYUE_TEMPORAL_ADDRESS',
      }),
    );
  }
  const mongo = await connectMongo({
    ...securityIn(process.env),
    QIYUE_MONGODB_URI: uri,
    QIYUE_MONGODB_DATABASE: process.env['QIYUE_MONGODB_DATABASE'] ?? 'qiyue',
  });
  const temporal = connectTemporal({
    ...securityIn(process.env),
    QIYUE_TEMPORAL_ADDRESS: address,
    QIYUE_TEMPORAL_NAMESPACE: process.env['QIYUE_TEMPORAL_NAMESPACE'] ?? 'default',
  });
  try {
    const ledger = new LedgerStore(mongo.db);
    const ports = { store: ledger, aggregates: AGGREGATES, rules: new ActivationStore(mongo.db) };
    const forecast: TableTools['forecast'] = (tables, onProgress) => forecastRetiming(ports, tables, toShanghaiIso(Date.now()), onProgress);
    return await journaled(ledger, (journal) => work({ store: new TableStore(mongo.db), runs: new RetimeRuns(temporal.client), journal, forecast }));
  } finally {
    await temporal.connection.close();
    await mongo.client.close();
  }
};
