/** The rules of the design, stated apart from the configuration that has to keep them. */
export const FOLDER = {
  'engine-core': 'libs/engine/core',
  'engine-testing': 'libs/engine/testing',
  'engine-workflow': 'libs/engine/workflow',
  'engine-runtime': 'libs/engine/runtime',
  calendar: 'libs/calendar',
  'civic-domain': 'libs/civic/domain',
  'civic-contracts': 'libs/civic/contracts',
  'civic-views': 'libs/civic/views',
  'civic-aggregate': 'libs/civic/aggregate',
  domain: 'libs/need/domain',
  contracts: 'libs/need/contracts',
  views: 'libs/need/views',
  aggregate: 'libs/need/aggregate',
  reports: 'libs/reports',
  aggregates: 'libs/aggregates',
  notices: 'libs/notices',
  platform: 'libs/platform',
  privacy: 'libs/privacy',
  audit: 'libs/audit',
  edge: 'libs/edge',
  papers: 'libs/papers',
  client: 'libs/client',
  workflow: 'workflows/need',
  stack: 'infra/stack',
  app: 'apps/api',
  testkit: 'libs/testkit',
  test: 'test',
} as const;
export type Layer = keyof typeof FOLDER;
export const LAYERS = Object.keys(FOLDER) as Layer[];
/** A second package of the layers that have many: none may import its like. */
export const SIBLING: Partial<Record<Layer, string>> = {
  domain: 'libs/unit-year/domain',
  contracts: 'libs/unit-year/contracts',
  views: 'libs/unit-year/views',
  aggregate: 'libs/unit-year/aggregate',
  workflow: 'workflows/unit-year',
  app: 'apps/worker',
};

const ENGINE: readonly Layer[] = ['engine-core', 'engine-workflow', 'engine-runtime'];
const CIVIC: readonly Layer[] = ['civic-domain', 'civic-contracts', 'civic-views'];
/** What is of one aggregate, or reads several. Only its own folder and the list of all name it. */
export const NAMED: readonly Layer[] = ['domain', 'contracts', 'views', 'aggregate', 'reports'];
const PURE: readonly Layer[] = ['domain', 'contracts', 'views'];
const LISTED: readonly Layer[] = ['civic-aggregate', 'aggregates'];
/** What apps stand on: technical, keys and seals, evidence, the way of commands, and what is printed. */
export const SERVING: readonly Layer[] = ['platform', 'privacy', 'audit', 'edge', 'papers'];
const BELOW_SERVING: readonly Layer[] = ['engine-core', 'engine-runtime', 'calendar', ...CIVIC, 'notices', 'civic-aggregate'];
/** Of which a layer may have the types and nothing that runs. */
export const TYPES_ONLY: Partial<Record<Layer, readonly Layer[]>> = {
  workflow: ['contracts', 'civic-contracts'],
  // what loads the drivers of the servers: a call of the command line needs the kinds, and no server
  'civic-aggregate': ['engine-runtime'],
  aggregate: ['engine-runtime'],
  reports: ['engine-runtime'],
};
export const MAY_IMPORT: Record<Layer, readonly Layer[]> = {
  'engine-core': [],
  'engine-testing': ['engine-core'],
  'engine-workflow': ['engine-core'],
  'engine-runtime': ['engine-core'],
  calendar: ['engine-core'],
  'civic-domain': ['engine-core', 'calendar'],
  'civic-contracts': ['engine-core', 'civic-domain'],
  'civic-views': ['engine-core', 'civic-domain'],
  'civic-aggregate': ['engine-core', 'calendar', ...CIVIC, 'notices'],
  domain: ['engine-core', 'calendar', 'civic-domain'],
  contracts: ['engine-core', 'civic-domain', 'civic-contracts', 'domain'],
  views: ['engine-core', 'civic-domain', 'civic-views', 'domain'],
  aggregate: ['engine-core', 'calendar', ...CIVIC, ...PURE, 'notices', 'civic-aggregate'],
  reports: ['engine-core', ...CIVIC, ...PURE, 'civic-aggregate', 'aggregate'],
  aggregates: ['engine-core', 'civic-domain', 'domain', 'civic-aggregate', 'aggregate', 'reports'],
  notices: ['engine-core', 'calendar', 'civic-domain'],
  platform: BELOW_SERVING,
  privacy: [...BELOW_SERVING, 'platform'],
  audit: [...BELOW_SERVING, 'platform', 'privacy'],
  edge: [...BELOW_SERVING, 'platform', 'privacy', 'audit'],
  papers: ['civic-domain', 'civic-aggregate'],
  client: [],
  workflow: ['engine-core', 'engine-workflow', 'domain'],
  stack: [...SERVING, ...LISTED],
  app: [...ENGINE, 'calendar', ...CIVIC, ...LISTED, 'notices', ...SERVING, 'client', 'workflow', 'stack'],
  testkit: [...ENGINE, 'calendar', ...CIVIC, ...NAMED, ...LISTED, 'notices', 'engine-testing', ...SERVING, 'client', 'workflow', 'stack'],
  test: [...ENGINE, 'calendar', ...CIVIC, ...NAMED, ...LISTED, 'notices', 'engine-testing', ...SERVING, 'client', 'workflow', 'stack', 'testkit'],
};

const TEMPORAL_IN_WORKFLOWS = ['@temporalio/workflow', '@temporalio/common'];
const NPM = [
  'zod',
  'mongodb',
  'kafkajs',
  'pino',
  'jose',
  '@nestjs/common',
  '@noble/hashes',
  'canonicalize',
  'ical-generator',
  'lru-cache',
  'pdfmake',
  'write-excel-file',
  ...TEMPORAL_IN_WORKFLOWS,
];
const TEMPORAL_OUTSIDE = ['@temporalio/client', '@temporalio/activity', '@temporalio/worker'];
export const ALL_NPM = [...NPM, ...TEMPORAL_OUTSIDE];
export const MAY_USE: Record<Layer, readonly string[]> = {
  'engine-core': ['@noble/hashes', 'canonicalize'],
  'engine-testing': [],
  'engine-workflow': TEMPORAL_IN_WORKFLOWS,
  'engine-runtime': ['@temporalio/client', '@temporalio/common', '@temporalio/activity', 'lru-cache', 'mongodb', 'zod'],
  calendar: [],
  'civic-domain': [],
  'civic-contracts': ['zod'],
  'civic-views': [],
  'civic-aggregate': ['ical-generator', 'zod'],
  domain: [],
  contracts: ['zod'],
  views: [],
  aggregate: ['zod'],
  reports: ['zod'],
  aggregates: [],
  notices: [],
  platform: ['@temporalio/client', '@temporalio/worker', 'mongodb', 'kafkajs', 'pino', 'zod'],
  privacy: ['zod'],
  audit: ['@temporalio/client', '@temporalio/common', '@temporalio/worker', 'mongodb', 'zod'],
  edge: ['@temporalio/client', 'mongodb', 'kafkajs', 'jose', 'zod'],
  papers: ['pdfmake', 'write-excel-file'],
  client: [],
  workflow: TEMPORAL_IN_WORKFLOWS,
  stack: ALL_NPM,
  app: ALL_NPM,
  testkit: ALL_NPM,
  test: ALL_NPM,
};
export const MAY_USE_NODE: readonly Layer[] = ['engine-testing', 'engine-runtime', ...SERVING, 'stack', 'app', 'testkit', 'test'];
