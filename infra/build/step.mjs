import { spawn } from 'node:child_process';

const REQUIRED = [20, 19];

/** Ends the process with one sentence when Node is too old: what follows would fail with a riddle. */
export const requireNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > REQUIRED[0] || (major === REQUIRED[0] && minor >= REQUIRED[1])) return;
  console.error(`Qiyue needs Node ${REQUIRED.join('.')} or newer, and this is ${process.versions.node}: get one at https://nodejs.org.`);
  process.exit(1);
};

/**
 * Runs one step of preparation. On success one line with its seconds, on failure all that it printed; both to standard
 * error, because standard output belongs to the command that is being prepared.
 */
export const step = async (what, command, args, cwd) => {
  const startedAtMs = Date.now();
  const { code, output } = await run(command, args, cwd);
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  if (code === 0) return void process.stderr.write(`${what}: ${seconds} s\n`);
  process.stderr.write(`${output}${what} failed after ${seconds} s\n`);
  process.exit(1);
};

const run = (command, args, cwd) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => resolve({ code: 1, output: `${error.message}\n` }));
    child.once('close', (code) => resolve({ code, output }));
  });
