/**
 * `npm run documents`: writes what is made of the interfaces' documents and kept in the repository, which tests hold in step: the page of events,
 * the contract that others have built on, and the types of the client. Needs a build. A contract that would break somebody is written only
 * with `-- --break`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AGGREGATES } from '@qiyue/aggregates';
import { asyncApiDocument } from '../../apps/api/dist/docs/asyncapi.js';
import { CLIENT_TYPES } from '../../apps/api/dist/docs/client-types.js';
import { breaksBetween, contractOf } from '../../apps/api/dist/docs/contract.js';
import { catalogueText } from '../../apps/api/dist/docs/event-catalogue.js';
import { openApiDocument } from '../../apps/api/dist/docs/openapi.js';

const ROOT = resolve(import.meta.dirname, '../..');
const openApi = openApiDocument('0.1.0', AGGREGATES);

const write = (path, make) => {
  const before = readFileSync(join(ROOT, path), 'utf8');
  const after = make(before);
  if (after === before) return;
  writeFileSync(join(ROOT, path), after);
  console.log(`${path} written`);
};

write('infra/docs/event-catalogue.md', (page) => `${page.slice(0, page.indexOf('\n## ') + 1)}${catalogueText(AGGREGATES)}\n`);
write('infra/contract/contract.json', (before) => {
  const contract = contractOf(openApi, asyncApiDocument('0.1.0', AGGREGATES));
  const breaks = breaksBetween(JSON.parse(before), contract);
  if (breaks.length > 0 && !process.argv.includes('--break')) {
    console.error(breaks.join('\n'));
    process.exit(1);
  }
  return `${JSON.stringify(contract, null, 1)}\n`;
});

const folder = mkdtempSync(join(tmpdir(), 'qiyue-documents-'));
writeFileSync(join(folder, 'openapi.json'), JSON.stringify(openApi));
const cli = join(ROOT, 'node_modules/openapi-typescript/bin/cli.js');
spawnSync(process.execPath, [cli, 'openapi.json', '-o', 'schema.ts', ...CLIENT_TYPES], { cwd: folder });
write('libs/client/src/schema.ts', () => readFileSync(join(folder, 'schema.ts'), 'utf8'));
rmSync(folder, { recursive: true });
