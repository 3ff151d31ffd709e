import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import { CLIENT_TYPES } from './client-types';
import { openApiDocument } from './openapi';

const ROOT = resolve(__dirname, '../../../..');

it('the types of the client are made of the document as it is: `npm run documents` writes them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-client-types-'));
  try {
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(openApiDocument('0.1.0', AGGREGATES)));
    const program = join(ROOT, 'node_modules/openapi-typescript/bin/cli.js');
    execFileSync(process.execPath, [program, 'openapi.json', '-o', 'schema.ts', ...CLIENT_TYPES], { cwd: folder, stdio: 'pipe' });
    const isSame = readFileSync(join(folder, 'schema.ts'), 'utf8') === readFileSync(join(ROOT, 'libs/client/src/schema.ts'), 'utf8');
    expect(isSame).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
