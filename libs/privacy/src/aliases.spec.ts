import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPseudonym } from '@qiyue/civic-domain';
import { Aliases } from './aliases';
import { KeyFolder } from './key-folder';

let folder: string;
let keys: KeyFolder;
let aliases: Aliases;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qiyue-aliases-'));
  keys = new KeyFolder(folder);
  aliases = new Aliases(keys);
});
afterEach(() => rmSync(folder, { recursive: true }));

const by = (id: string, role: string, entity = 'n1', commandId = 'command-one') => aliases.of({ actor: { id, role, unit: null }, entity, commandId });

describe('how records of a need name whoever gave a command', () => {
  it('is the same each time for a person and a command, and another in another need', async () => {
    const alias = await by('resident-one', 'resident');
    expect(await by('resident-one', 'resident')).toEqual(alias);
    expect([alias?.id, alias?.commandId].map((name) => isPseudonym(String(name)))).toEqual([true, true]);
    const other = await by('resident-one', 'resident', 'n2');
    expect(new Set([alias?.id, alias?.commandId, other?.id, other?.commandId]).size).toBe(4);
    expect(JSON.stringify([alias, other])).not.toMatch(/resident-one|command-one/);
  });

  it('opens to the person, until their key is erased', async () => {
    const { person } = await aliases.named('n1', 'resident-one');
    expect(await aliases.open(person)).toBe('resident-one');
    await keys.erase('resident-one');
    expect(await aliases.open(person)).toBeNull();
    expect(await aliases.open('resident-one')).toBeNull();
  });

  it('is their own id for an office', async () => {
    expect(await by('c-1', 'community')).toBeUndefined();
  });
});
