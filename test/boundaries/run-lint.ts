import { execFile } from 'node:child_process';
import { join } from 'node:path';

export const REPOSITORY = join(__dirname, '../..');
const OUTPUT_BYTES_MAX = 50_000_000;

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

export interface Problem {
  readonly rule: string;
  readonly message: string;
}

/** A text that stands for the content of the file at `path`, relative to the repository. */
export interface Plant {
  readonly path: string;
  readonly code: string;
}

/** The same check that `npm run lint` makes, of the tree under `root`. In a process of its own: the tools are ES modules. */
export const violationsOf = async (root: string): Promise<readonly Violation[]> => {
  const output = await runNode([join(REPOSITORY, 'infra/lint/check-boundaries.mjs'), root], '');
  return (JSON.parse(output) as { readonly violations: readonly Violation[] }).violations;
};

/** What ESLint, configured as for `npm run lint`, says to each text. Without `types`, the rules that need them are off. */
export const problemsOf = async (plants: readonly Plant[], { types }: { readonly types: boolean }): Promise<readonly (readonly Problem[])[]> => {
  const output = await runNode([join(__dirname, 'lint-texts.mjs'), types ? 'with-types' : 'without-types'], JSON.stringify(plants));
  return JSON.parse(output) as Problem[][];
};

const runNode = (args: readonly string[], input: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { cwd: REPOSITORY, maxBuffer: OUTPUT_BYTES_MAX, env: { ...process.env, NODE_OPTIONS: '', TSESTREE_SINGLE_RUN: 'false' } };
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${args[0] ?? ''}: ${stderr}`));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
