import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serversFromEnv } from '@qiyue/testkit';
import { folderOf, FOLDERS, StrangersProject, type Kind } from './stranger';

const NAMES = ['@qiyue/engine', '@qiyue/engine-runtime', '@qiyue/engine-testing', '@qiyue/engine-workflow'];
const KINDS = ['module', 'commonjs'] as const satisfies readonly Kind[];

describe('the packages of the engine', () => {
  let project: StrangersProject;
  beforeAll(async () => {
    project = await StrangersProject.create();
  }, 180_000);
  afterAll(() => project.remove());

  it.each(FOLDERS)('hold, in the case of %s, what it is made of, its licence and its page, and no test', (folder) => {
    const paths = project.packed[FOLDERS.indexOf(folder)]?.files.map(({ path }) => path) ?? [];
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']));
    expect(paths.filter((path) => /(\.spec\.|\/testing\/|\.tsbuildinfo)/.test(path))).toEqual([]);
    const sources = paths.flatMap((path) => /^dist\/(.*)\.js$/.exec(path)?.[1] ?? []);
    expect(sources.filter((source) => !existsSync(join(folderOf(folder), 'src', `${source}.ts`)))).toEqual([]);
  });

  it('bring nothing else of this repository along', () => {
    expect(project.installed('@qiyue').map((name) => `@qiyue/${name}`)).toEqual(NAMES);
  });

  it('give the same names to an import as to a require', async () => {
    const list = `process.stdout.write(JSON.stringify(packages.map((names) => Object.keys(names).filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).sort())))`;
    const imported = await project.evaluate(
      'module',
      `const packages = await Promise.all(${JSON.stringify(NAMES)}.map((name) => import(name))); ${list}`,
    );
    expect(await project.evaluate('commonjs', `const packages = ${JSON.stringify(NAMES)}.map((name) => require(name)); ${list}`)).toEqual(imported);
    expect((imported as readonly string[][]).map((names) => names.length > 0)).toEqual(NAMES.map(() => true));
  });

  it("have types that hold by themselves, and that a bundler's resolution finds too", async () => {
    const options = { module: 'esnext', moduleResolution: 'bundler', noEmit: true, skipLibCheck: false };
    expect(await project.compile('module', options)).toEqual([]);
  }, 60_000);

  describe.each(KINDS)('in a project of type %s', (kind) => {
    let complaints: readonly string[];
    beforeAll(async () => {
      complaints = await project.compile(kind, { module: 'nodenext' });
    }, 60_000);

    it('have types under the resolution of Node', () => {
      expect(complaints).toEqual([]);
    });

    it('test rules without a server', async () => {
      expect(await project.run(kind, 'rules.js')).toBe('the rules hold');
    });

    it('run the loan on given servers: commands, ledger, topic, read model, verification', async () => {
      const { temporal, mongodb, kafka } = serversFromEnv();
      const name = `library-${randomBytes(5).toString('hex')}`;
      const printed = await project.run(kind, 'run.js', {
        TEMPORAL_ADDRESS: temporal,
        MONGODB_URI: mongodb,
        KAFKA_BROKERS: kafka,
        LIBRARY_NAME: name,
      });
      expect(JSON.parse(printed)).toEqual({
        answers: ['accepted at 1', 'accepted at 1', 'accepted at 2', 'wrong-phase', 'accepted at 3'],
        types: ['BookLent', 'LoanRenewed', 'BookBroughtBack'],
        seq: 3,
        view: { book: '山海经', isOut: false, dueAt: null, renewals: 1 },
        rebuilt: { entities: 1, changed: 0 },
        verified: { ok: true, records: 3, streams: 1, findings: [] },
      });
    }, 120_000);
  });
});
