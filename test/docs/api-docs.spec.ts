import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { pathOf, read } from './pages';

const OPTIONS = 'infra/docs/typedoc.json';
const TYPEDOC_MS = 240_000;

const typedoc = (options: string): { readonly status: number | null; readonly output: string } => {
  const program = [pathOf('node_modules/typedoc/bin/typedoc'), '--options', options, '--emit', 'none'];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
};

describe('the API documentation of the engine', () => {
  const folders = readdirSync(pathOf('libs/engine'));
  const options = JSON.parse(read(OPTIONS)) as {
    readonly entryPoints: readonly string[];
    readonly packagesRequiringDocumentation: readonly string[];
  };

  it('covers every package of the engine', () => {
    expect([...options.entryPoints].sort()).toEqual(folders.map((folder) => `../../libs/engine/${folder}/src/index.ts`).sort());
    const names = folders.map((folder) => (JSON.parse(read(`libs/engine/${folder}/package.json`)) as { readonly name: string }).name);
    expect([...options.packagesRequiringDocumentation].sort()).toEqual(names.sort());
  });

  it(
    'is made without a warning: every export has a docstring, and every link leads somewhere',
    () => {
      expect(typedoc(pathOf(OPTIONS))).toEqual({ status: 0, output: '' });
    },
    TYPEDOC_MS,
  );

  describe('of a package with an export that has none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qiyue-api-docs-'));
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it(
      'is not made',
      () => {
        const files = {
          'package.json': { name: options.packagesRequiringDocumentation[0] },
          'tsconfig.json': { compilerOptions: { types: [], noEmit: true }, files: ['index.ts'] },
          'typedoc.json': { extends: [pathOf(OPTIONS)], tsconfig: 'tsconfig.json', entryPoints: ['index.ts'] },
        };
        for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
        writeFileSync(join(folder, 'index.ts'), 'export const silent = 1;\n');
        const { status, output } = typedoc(join(folder, 'typedoc.json'));
        expect(output).toContain('silent (Variable)');
        expect(status).not.toBe(0);
      },
      TYPEDOC_MS,
    );
  });
});
