import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
export const DOCS = 'infra/docs';

export const pathOf = (path: string): string => join(ROOT, path);
export const read = (path: string): string => readFileSync(pathOf(path), 'utf8');

export const READMES = ['README.md', 'README.zh-CN.md'] as const;
export const PAGES: readonly string[] = [
  ...READMES,
  ...readdirSync(pathOf(DOCS))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${DOCS}/${name}`),
];
