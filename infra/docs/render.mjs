/**
 * `node infra/docs/render.mjs`: writes code blocks and tables of settings into the READMEs and the pages beside this
 * file. Needs a build, for the settings; test/docs says when a page is out of step.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROLES, settingsSchema } from '@qiyue/platform';
import { ROUTE_ROLES } from '@qiyue/edge';
import { PERMISSIONS } from '@qiyue/need-domain';
import { ATTACH_RULES, FIELD_SIGHT, READING_RULES } from '@qiyue/need-views';
import { accessTables, codeOf, fill, settingsTable } from './regions.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(import.meta.dirname).flatMap((name) => (name.endsWith('.md') ? [`infra/docs/${name}`] : [])),
];
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

const tables = accessTables({
  permissions: PERMISSIONS,
  routeRoles: ROUTE_ROLES,
  readingRules: READING_RULES,
  attachRules: ATTACH_RULES,
  fieldSight: FIELD_SIGHT,
  roles: ROLES,
});
const fillers = {
  access: (name) => tables[name](),
  code: codeOf(read),
  settings: settingsTable(settingsSchema.shape, JSON.parse(read('infra/docs/settings.zh.json'))),
};
for (const page of PAGES) {
  const before = read(page);
  const after = fill(before, fillers);
  if (after === before) continue;
  writeFileSync(join(ROOT, page), after);
  console.log(`${page} written`);
}
