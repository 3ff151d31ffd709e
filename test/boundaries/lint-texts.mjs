/** Reads `[{path, code}]` from standard input and prints what ESLint says to each text: `[[{rule, message}]]`. */
import { text } from 'node:stream/consumers';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const eslint = new ESLint({
  cwd: ROOT,
  overrideConfigFile: join(ROOT, 'infra/lint/eslint.config.mjs'),
  overrideConfig: process.argv[2] === 'with-types' ? [] : [tseslint.configs.disableTypeChecked],
});

const problems = [];
for (const { path, code } of JSON.parse(await text(process.stdin))) {
  const results = await eslint.lintText(code, { filePath: join(ROOT, path) });
  problems.push(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => ({ rule: ruleId ?? 'fatal', message }))));
}
process.stdout.write(JSON.stringify(problems));
