const { rmSync } = require('node:fs');

module.exports = async () => {
  const started = globalThis.__qiyueServers;
  if (started === undefined) return;
  delete globalThis.__qiyueServers;
  await started.servers.stop();
  rmSync(started.dataDir, { recursive: true, force: true });
};
