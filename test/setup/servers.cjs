/** Starts Temporal, Kafka and MongoDB once for all tests with real servers, unless the environment names running ones. */
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { makeJavaQuick } = require('./quick-java.cjs');

const NAMES = ['QIYUE_TEMPORAL_ADDRESS', 'QIYUE_KAFKA_BROKERS', 'QIYUE_MONGODB_URI'];

module.exports = async () => {
  if (globalThis.__qiyueServers !== undefined) return;
  if (NAMES.every((name) => process.env[name] !== undefined)) return makeJavaQuick();
  const { serverEnvironment, startServers } = require('../../infra/stack/dist/index.js');
  const dataDir = mkdtempSync(join(tmpdir(), 'qiyue-test-'));
  const servers = await startServers({ dataDir });
  globalThis.__qiyueServers = { servers, dataDir };
  Object.assign(process.env, serverEnvironment(servers));
  await makeJavaQuick(); // for the brokers that come and go
};
