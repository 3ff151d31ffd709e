import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROUTE_ROLES } from '@qiyue/edge';
import { ROLES, settingsSchema } from '@qiyue/platform';
import { PERMISSIONS } from '@qiyue/need-domain';
import { ATTACH_RULES, FIELD_SIGHT, READING_RULES } from '@qiyue/need-views';
import { accessTables, codeOf, fill, kindsIn, settingsTable } from '../../infra/docs/regions.mjs';
import { PAGES, READMES, pathOf, read } from './pages';

const chinese = JSON.parse(read('infra/docs/settings.zh.json')) as Record<string, string>;
const tables = accessTables({
  permissions: PERMISSIONS,
  routeRoles: ROUTE_ROLES,
  readingRules: READING_RULES,
  attachRules: ATTACH_RULES,
  fieldSight: FIELD_SIGHT,
  roles: ROLES,
});
const fillers = {
  code: codeOf(read),
  settings: settingsTable(settingsSchema.shape, chinese),
  access: (name: string) => tables[name as keyof typeof tables](),
};

describe('what the pages say', () => {
  it.each(PAGES)('%s holds the code and the settings as they are', (page) => {
    expect(fill(read(page), fillers)).toBe(read(page));
  });

  it('has every kind of made region where it belongs', () => {
    for (const readme of READMES) expect(new Set(kindsIn(read(readme)))).toEqual(new Set(['code', 'settings', 'figures']));
    for (const page of ['decider', 'events', 'ledger']) expect(kindsIn(read(`infra/docs/${page}.md`))).toContain('code');
    expect(kindsIn(read('infra/docs/access.md'))).toEqual(Array<string>(5).fill('access'));
    expect(kindsIn(read('infra/docs/long-runs.md'))).toEqual(['campaigns']);
  });

  it('names every setting in Chinese, and no other', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  });

  it('holds the figures that were committed', () => {
    const { status, stderr } = spawnSync(process.execPath, [pathOf('infra/docs/figures.mjs'), '--check'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.each(PAGES)('%s links to files that are there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '');
    expect(links.filter((target) => !existsSync(join(dirname(pathOf(page)), target)))).toEqual([]);
  });
});

describe('the machinery itself', () => {
  it('changes a region that is out of step and nothing around it', () => {
    const page = 'a\n<!-- begin code x.ts | const b -->\nold\n<!-- end -->\nz\n';
    const filled = fill(page, { code: codeOf(() => 'const a = 1;\nconst b = {\n  c: 2,\n};\nconst d = 3;\n') });
    expect(filled).toBe('a\n<!-- begin code x.ts | const b -->\n```ts\nconst b = {\n  c: 2,\n};\n```\n<!-- end -->\nz\n');
  });

  it('does not guess when an anchor is gone or is not one', () => {
    const page = '<!-- begin code x.ts | const b -->\n<!-- end -->\n';
    for (const source of ['const a = 1;\n', 'const b = 1;\nconst b2 = 2;\n'])
      expect(() => fill(page, { code: codeOf(() => source) })).toThrow(/begin with/);
  });
});
