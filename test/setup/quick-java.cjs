/**
 * A broker of a test lives for a minute, and a run starts some thirty of them: what counts is how soon it serves. So the JVM
 * keeps to its quick compiler and finds Kafka's classes in an archive, which one start of a broker makes that serves nobody.
 * Only tests do so: a broker that lives is faster without. An archive that does not fit (another JVM, other jars) is ignored by the JVM.
 */
const { spawn, execFile } = require('node:child_process');
const { createHash, randomBytes } = require('node:crypto');
const { once } = require('node:events');
const { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { tmpdir } = require('node:os');
const { dirname, join, resolve } = require('node:path');
const { promisify } = require('node:util');

const CACHE = resolve(__dirname, '../../node_modules/.cache/qiyue');
const QUICK_COMPILER = '-XX:TieredStopAtLevel=1';
/** A JVM that does not know an option does not start: before this version some of these are unknown. */
const FIRST_JAVA = 17;
const BOUND_MS = 120_000;
const run = promisify(execFile);

/** Sets `JAVA_TOOL_OPTIONS` for every JVM of this run, and answers what takes that back. Whatever fails here only makes the tests slower. */
exports.makeJavaQuick = async (log = (text) => process.stderr.write(`${text}\n`)) => {
  const before = process.env.JAVA_TOOL_OPTIONS;
  const options = await optionsFor(log).catch(() => []);
  if (options.length > 0) process.env.JAVA_TOOL_OPTIONS = [before, ...options].filter(Boolean).join(' ');
  return () => (before === undefined ? delete process.env.JAVA_TOOL_OPTIONS : (process.env.JAVA_TOOL_OPTIONS = before));
};

const optionsFor = async (log) => {
  const { stderr: version } = await run('java', ['-version'], { timeout: BOUND_MS });
  if (Number(/version "(\d+)/.exec(version)?.[1]) < FIRST_JAVA) return [];
  const archive = await archiveFor(version, log).catch(() => null);
  return archive === null
    ? [QUICK_COMPILER]
    : [QUICK_COMPILER, `-XX:SharedArchiveFile=${archive}`, '-Xshare:auto', '-Xlog:disable', '-Xlog:all=error:stderr'];
};

/** The archive for this JVM and these jars; null where Kafka is not a folder of jars. */
const archiveFor = async (javaVersion, log) => {
  const { kafkaProgram } = require('../../infra/stack/dist/index.js');
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-archive-'));
  try {
    const config = join(folder, 'server.properties');
    const program = await kafkaProgram(process.env, config);
    const jars = program?.start.args[program.start.args.indexOf('-cp') + 1];
    if (jars === undefined || !jars.endsWith('*')) return null;
    const archive = join(CACHE, `kafka-${nameOf(javaVersion, dirname(jars))}.jsa`);
    if (!existsSync(archive)) {
      log('archiving the classes of Kafka, once (usually 5 to 15 seconds) …');
      mkdirSync(CACHE, { recursive: true });
      const made = `${archive}.${randomBytes(4).toString('hex')}`;
      await record(program, folder, config, made);
      renameSync(made, archive);
    }
    return archive;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The JVM itself compares names, sizes and times of jars: what it would refuse gets another name here. */
const nameOf = (javaVersion, jars) => {
  const hash = createHash('sha256').update(`${javaVersion}\n${jars}\n`);
  for (const jar of readdirSync(jars).sort()) hash.update(`${jar} ${statSync(join(jars, jar)).size} ${statSync(join(jars, jar)).mtimeMs}\n`);
  return hash.digest('hex').slice(0, 16);
};

const record = async ({ storage, start }, folder, config, archive) => {
  writeFileSync(config, propertiesOf(join(folder, 'log'), await freePort(), await freePort()));
  await run(storage.command, [...storage.args, 'format', '-t', randomBytes(16).toString('base64url').replace(/^-/, '_'), '-c', config], {
    timeout: BOUND_MS,
  });
  const options = [QUICK_COMPILER, `-XX:ArchiveClassesAtExit=${archive}`, '-Dorg.slf4j.simpleLogger.log.kafka.server=info'];
  const broker = spawn(start.command, [...options, ...start.args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const insist = setTimeout(() => broker.kill('SIGKILL'), BOUND_MS);
  broker.stderr.on('data', (text) => /Kafka Server started/.test(text) && broker.kill('SIGTERM'));
  await once(broker, 'exit');
  clearTimeout(insist);
};

const propertiesOf = (logs, port, controllerPort) => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
controller.listener.names=CONTROLLER
log.dirs=${logs}
`;

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
};
