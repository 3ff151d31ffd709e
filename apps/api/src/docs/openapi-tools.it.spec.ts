import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import { openApiGeneratorFolder } from '@qiyue/stack';
import { openApiDocument } from './openapi';

const run = promisify(execFile);
const ROOT = resolve(__dirname, '../../../..');
const OUTPUT_BYTES_MAX = 50_000_000;
/** Nothing that a tool would tell its makers. */
const QUIET = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

interface Lint {
  readonly totals: { readonly errors: number; readonly warnings: number };
  readonly problems: readonly { readonly ruleId: string; readonly message: string }[];
}

describe('the document of the HTTP interface', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-openapi-'));
    write('openapi.json', openApiDocument('1.2.3', AGGREGATES));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, document: object): void => writeFileSync(join(folder, name), JSON.stringify(document));
  const node = async (program: string, ...args: readonly string[]): Promise<string> => {
    const options = { cwd: folder, env: QUIET, maxBuffer: OUTPUT_BYTES_MAX };
    const { stdout } = await run(process.execPath, [join(ROOT, 'node_modules', program), ...args], options).catch(
      (error: { readonly stdout?: string }) => {
        if (typeof error.stdout === 'string' && error.stdout !== '') return { stdout: error.stdout };
        throw error;
      },
    );
    return stdout;
  };
  const lint = async (name: string): Promise<Lint> => {
    const printed = await node('@redocly/cli/bin/cli.js', 'lint', name, '--extends=recommended', '--format=json', '--max-problems=1000');
    return JSON.parse(printed.slice(printed.indexOf('{'))) as Lint;
  };

  it('passes the recommended rules of Redocly without an error and without a warning', async () => {
    const { totals, problems } = await lint('openapi.json');
    const byNumber = problems.filter(({ ruleId, message }) => ruleId === 'no-ambiguous-paths' && message.includes('/by-number/{number}'));
    const others = problems.filter((problem) => !byNumber.includes(problem));
    expect(others.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
    expect(totals).toMatchObject({ errors: 0, warnings: byNumber.length }); // no id is `by-number`, and that route comes first
  }, 60_000);

  it('would not pass them with an answer that is a text, or an operation without a name', async () => {
    const { paths, ...rest } = openApiDocument('1.2.3', AGGREGATES);
    const { operationId: _, ...bare } = paths['/v1/me']?.['get'] as { readonly operationId: string };
    write('broken.json', { ...rest, paths: { ...paths, '/v1/me': { get: { ...bare, responses: { 200: 'a text' } } } } });
    const { problems } = await lint('broken.json');
    expect(problems.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining(['struct', 'operation-operationId']));
  }, 60_000);

  it('becomes types of TypeScript', async () => {
    await node('openapi-typescript/bin/cli.js', 'openapi.json', '-o', 'schema.d.ts');
    const types = readFileSync(join(folder, 'schema.d.ts'), 'utf8');
    for (const name of ['needSubmit', 'needRefuseWorks', 'auditFacts']) expect(types).toContain(`${name}: {`);
  }, 60_000);

  it.each([
    ['java', 'src/main/java/org/openapitools/client/model', 'NeedView.java'],
    ['python', 'openapi_client/models', 'need_view.py'],
  ])(
    'becomes a client in %s',
    async (language, models, view) => {
      const { folder: generator, lack } = await openApiGeneratorFolder();
      if (generator === undefined) throw new Error(`npm test needs ${lack}, to make clients in other languages of openapi.json`);
      const jar = readdirSync(join(generator, 'lib')).find((name) => name.startsWith('openapi-generator-cli')) ?? '';
      const args = ['-jar', join(generator, 'lib', jar), 'generate', '-i', 'openapi.json', '-g', language, '-o', language];
      await run('java', args, { cwd: folder, maxBuffer: OUTPUT_BYTES_MAX });
      expect(readdirSync(join(folder, language, models))).toContain(view);
    },
    180_000,
  );
});
