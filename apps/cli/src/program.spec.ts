import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { programFor } from './program';

const HAN = /\p{Script=Han}/u;

/** Its verbs, those within them, and itself; all of the program is made where no verb is asked for. */
const everyCommand = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(everyCommand)];
const programIn = (language: string): Promise<Command> => {
  process.env['QIYUE_LANG'] = language;
  return programFor(undefined);
};

/** What each command, option and argument says of itself, behind its place. */
const saidIn = (program: Command): readonly (readonly [place: string, text: string])[] =>
  everyCommand(program).flatMap((command) => {
    const place = command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;
    const { options, registeredArguments } = command;
    return [
      [place, command.description()] as const,
      ...options.map(({ flags, description }) => [`${place} ${flags}`, description] as const),
      ...registeredArguments.flatMap((one) => (one.description === '' ? [] : [[`${place} <${one.name()}>`, one.description] as const])),
    ];
  });

/** As it is written by commander: without flags, names, and what stands in quotes. */
const helpsIn = (program: Command): readonly string[] => everyCommand(program).map((command) => command.helpInformation());

afterEach(() => {
  delete process.env['QIYUE_LANG'];
});

describe('the help of every command', () => {
  it('is Chinese in a Chinese call', async () => {
    const said = saidIn(await programIn('zh-CN'));
    expect(said.length).toBeGreaterThan(400);
    expect(said.filter(([, text]) => !HAN.test(text))).toEqual([]);
  });

  it('is English in an English call', async () => {
    const said = saidIn(await programIn('en'));
    expect(said.filter(([, text]) => text === '' || HAN.test(text))).toEqual([]);
  });

  it('has none of commander’s own English in a Chinese call, and no Chinese in an English one', async () => {
    const chinese = helpsIn(await programIn('zh-CN')).join('\n');
    expect(chinese).toMatch(/^用法：/m);
    expect(chinese).not.toMatch(/Usage:|Options:|Commands:|Arguments:|display help|choices:|default:/);
    expect(helpsIn(await programIn('en')).join('\n')).not.toMatch(HAN);
  });
});
