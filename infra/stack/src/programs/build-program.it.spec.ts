import { afterAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '../base/stack-log';
import { emptyFolder, removeEmptyFolders } from '../testing/stack-world';
import { buildProgram, builtFolder, missingToolSentence } from './build-program';
import { GO } from './build-tools';
import { kafkaRecipe, mongodbRecipe, temporalRecipe, type Recipe } from './recipes';

/** Takes its time, counts its runs, and fails when it is told to. */
const SCRIPT = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const [target, runs, fail] = process.argv.slice(2);
appendFileSync(runs, 'run\\n');
setTimeout(() => {
  if (fail) { console.error('the registry is closed'); process.exit(1); }
  mkdirSync(target + '/bin'); writeFileSync(target + '/bin/tool', 'whole');
}, 300);
`;

const recipeIn = (folder: string, fail = ''): Recipe => {
  const script = join(folder, 'build.cjs');
  writeFileSync(script, SCRIPT);
  const command: Recipe['command'] = (target) => ({ program: process.execPath, args: [script, target, join(folder, 'runs'), fail] });
  return { server: 'Kafka', folder: 'tool-1', proof: 'bin/tool', usually: [1, 1], tools: [], image: '', otherwise: kafkaRecipe.otherwise, command };
};

afterAll(removeEmptyFolders);
describe('a build', () => {
  it('is made once for two that want it at the same time', async () => {
    const cache = emptyFolder();
    const recipe = recipeIn(cache);
    const build = () => buildProgram(recipe, cache, process.env, silentLog);
    expect(await Promise.all([build(), build()])).toEqual([join(cache, 'tool-1'), join(cache, 'tool-1')]);
    expect(readFileSync(join(cache, 'runs'), 'utf8')).toBe('run\n');
  });

  it('that fails says why, leaves no half of itself, and can be tried again', async () => {
    const cache = emptyFolder();
    await expect(buildProgram(recipeIn(cache, 'fail'), cache, process.env, silentLog)).rejects.toThrow(/exit 1[^]*the registry is closed/);
    expect(builtFolder(recipeIn(cache), cache)).toBeNull();
    expect(readdirSync(cache).filter((name) => name.includes('tool-1'))).toEqual([]);
    expect(await buildProgram(recipeIn(cache), cache, process.env, silentLog)).toBe(join(cache, 'tool-1'));
  });

  it('sweeps away what a killed build left', async () => {
    const cache = emptyFolder();
    mkdirSync(join(cache, '.tool-1.build-1'));
    await buildProgram(recipeIn(cache), cache, process.env, silentLog);
    expect(readdirSync(cache).filter((name) => name.startsWith('.tool-1'))).toEqual([]);
  });

  it.each([
    [temporalRecipe, /^Temporal .*Go 1\.25.*QIYUE_TEMPORAL_ADDRESS.*`temporal` on the PATH, or start Docker$/],
    [kafkaRecipe, /^Kafka .*Java 17.*QIYUE_KAFKA_BROKERS.*`kafka-server-start\.sh` on the PATH, or start Docker$/],
    [mongodbRecipe, /^MongoDB .*cargo.*QIYUE_MONGODB_URI.*`mongod` on the PATH, or start Docker$/],
  ])('without its tool is one sentence', async (recipe, sentence) => {
    expect(await missingToolSentence(recipe, { PATH: emptyFolder() })).toMatch(sentence);
  });

  it('refuses a tool that is too old', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, GO.program), '#!/bin/sh\necho go version go1.21.3 linux/amd64\n');
    chmodSync(join(folder, GO.program), 0o755);
    expect(await missingToolSentence(temporalRecipe, { PATH: `${folder}:/bin` })).toMatch(/Go 1\.25 or newer .* is 1\.21;/);
  });
});
