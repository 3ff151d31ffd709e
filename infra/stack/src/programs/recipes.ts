import { join, resolve } from 'node:path';
import type { UsualSeconds } from '../base/stack-log';
import { CARGO, GO, JAVA, MAVEN, type BuildTool } from './build-tools';

/** How one server's program is built from a package registry. */
export interface Recipe {
  readonly server: 'Temporal' | 'Kafka' | 'MongoDB' | 'Temporal’s test server' | 'the OpenAPI generator';
  /** Folder under the cache folder; names the version, so that a new version is a new folder. */
  readonly folder: string;
  /** The file without which the folder is not a build, relative to it. */
  readonly proof: string;
  readonly usually: UsualSeconds;
  readonly tools: readonly BuildTool[];
  /** Needed to run what was built, too. */
  readonly runtime?: BuildTool;
  /** The official image, for where Docker answers. */
  readonly image: string;
  /** What else can be done when a tool is missing: the variable and the program. */
  readonly otherwise: { readonly variable: string; readonly program: string };
  /** Copied into the scratch folder in which the command runs. */
  readonly files?: string;
  readonly command: (
    target: string,
    scratch: string,
  ) => { readonly program: string; readonly args: readonly string[]; readonly env?: NodeJS.ProcessEnv };
}

const TEMPORAL_VERSION = '1.5.1';
const KAFKA_VERSION = '4.1.1';
const SECANTUS_VERSION = '0.5.3-beta.196';
const RECIPES = resolve(__dirname, '../../recipes');

export const temporalRecipe: Recipe = {
  server: 'Temporal',
  folder: `temporal-${TEMPORAL_VERSION}`,
  proof: 'bin/temporal',
  usually: [120, 240],
  tools: [GO],
  image: `temporalio/temporal:${TEMPORAL_VERSION}`,
  otherwise: { variable: 'QIYUE_TEMPORAL_ADDRESS', program: 'temporal' },
  files: join(RECIPES, 'temporal'),
  command: (target) => ({
    program: 'go',
    args: ['build', '-o', join(target, 'bin', 'temporal'), 'github.com/temporalio/cli/cmd/temporal'],
    env: { CGO_ENABLED: '0', GOWORK: 'off' },
  }),
};

export const kafkaRecipe: Recipe = {
  server: 'Kafka',
  folder: `kafka-${KAFKA_VERSION}`,
  proof: `lib/kafka_2.13-${KAFKA_VERSION}.jar`,
  usually: [5, 60],
  tools: [JAVA, MAVEN],
  runtime: JAVA,
  image: `apache/kafka:${KAFKA_VERSION}`,
  otherwise: { variable: 'QIYUE_KAFKA_BROKERS', program: 'kafka-server-start.sh' },
  files: join(RECIPES, 'kafka'),
  command: (target) => ({ program: 'mvn', args: ['-B', 'dependency:copy-dependencies', `-DoutputDirectory=${join(target, 'lib')}`] }),
};

/** Not mongod, which no package registry carries: a program that speaks its protocol, for this machine only. */
export const mongodbRecipe: Recipe = {
  server: 'MongoDB',
  folder: `mongodb-secantus-${SECANTUS_VERSION}`,
  proof: 'bin/secantusd-rs',
  usually: [240, 480],
  tools: [CARGO],
  image: 'mongo:8',
  otherwise: { variable: 'QIYUE_MONGODB_URI', program: 'mongod' },
  command: (target, scratch) => ({
    program: 'cargo',
    args: ['install', '--locked', '--ignore-rust-version', '--root', target, 'secantus-mdb', '--version', SECANTUS_VERSION],
    env: { CARGO_TARGET_DIR: join(scratch, 'target') },
  }),
};

const TEST_SERVER_VERSION = '1.32.1';

/** For tests alone: a Temporal whose clock jumps from timer to timer. Not one of the servers that the stack starts. */
export const testServerRecipe: Recipe = {
  server: 'Temporal’s test server',
  folder: `temporal-test-server-${TEST_SERVER_VERSION}`,
  proof: `lib/temporal-test-server-${TEST_SERVER_VERSION}.jar`,
  usually: [5, 60],
  tools: [JAVA, MAVEN],
  runtime: JAVA,
  image: '',
  otherwise: { variable: 'QIYUE_TEMPORAL_ADDRESS', program: 'temporal' },
  files: join(RECIPES, 'temporal-test-server'),
  command: (target) => ({
    program: 'mvn',
    args: ['-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(target, 'lib')}`],
  }),
};

const OPENAPI_GENERATOR_VERSION = '7.10.0';

/** For tests alone: makes clients in other languages of our document. */
export const openApiGeneratorRecipe: Recipe = {
  server: 'the OpenAPI generator',
  folder: `openapi-generator-${OPENAPI_GENERATOR_VERSION}`,
  proof: `lib/openapi-generator-cli-${OPENAPI_GENERATOR_VERSION}.jar`,
  usually: [5, 60],
  tools: [JAVA, MAVEN],
  runtime: JAVA,
  image: '',
  otherwise: { variable: 'QIYUE_CACHE_DIR', program: 'openapi-generator-cli' },
  files: join(RECIPES, 'openapi-generator'),
  command: (target) => ({ program: 'mvn', args: ['-B', 'dependency:copy-dependencies', `-DoutputDirectory=${join(target, 'lib')}`] }),
};

/** The one sentence about a missing tool: what, where to get it, and what to do instead. */
export const lackSentence = ({ server, otherwise }: Recipe, lack: string): string =>
  `${server} cannot be started: a local one needs ${lack}; install that, or set ${otherwise.variable} to a server that runs, or put \`${otherwise.program}\` on the PATH, or start Docker`;
