import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { languageIn, requireKnownLanguage, withLanguageEverywhere } from './language';
import { usageLine } from './usage';

describe('the language of a call', () => {
  it('is what its option says, else what the environment says, else Chinese', () => {
    expect(languageIn(['needs', '--lang', 'en'], { QIYUE_LANG: 'zh-CN' })).toBe('en');
    expect(languageIn(['needs', '--lang=en'], {})).toBe('en');
    expect(languageIn(['status'], { QIYUE_LANG: 'en' })).toBe('en');
    expect(languageIn(['status', '--lang', 'fr'], {})).toBe('zh-CN');
  });
  it('is refused in both, where the environment names another', () => {
    for (const known of [{}, { QIYUE_LANG: '' }, { QIYUE_LANG: 'en' }]) expect(() => requireKnownLanguage(known)).not.toThrow();
    expect(() => requireKnownLanguage({ QIYUE_LANG: 'fr' })).toThrow(/只能是 zh-CN 或 en.*takes zh-CN or en/);
  });
  it('can be given to every verb, however deep, but to those of another program', () => {
    const program = new Command();
    const list = program.command('messages').command('list');
    const campaign = program.command('campaign').allowUnknownOption();
    withLanguageEverywhere(program);
    expect(list.opts()).toEqual({ lang: 'zh-CN' });
    expect(campaign.opts()).toEqual({});
  });
});

describe('a mistake in a call', () => {
  it('is said in the language of the call', () => {
    const wrong = { code: 'commander.unknownOption', message: "error: unknown option '--bogus'" };
    expect(usageLine(wrong, 'zh-CN')).toBe('没有这个选项：--bogus');
    expect(usageLine(wrong, 'en')).toBe("error: unknown option '--bogus'");
  });
  it('names what can be chosen', () => {
    const message = "error: option '--aggregate <name>' argument 'x' is invalid. Allowed choices are need, project.";
    expect(usageLine({ code: 'commander.invalidArgument', message }, 'zh-CN')).toBe('参数不对：--aggregate <name>；只能是 need、project');
  });
  it('keeps what the reader of a value has said', () => {
    const message = "error: option '--lang <language>' argument 'fr' is invalid. 只能是 zh-CN 或 en。";
    expect(usageLine({ code: 'commander.invalidArgument', message }, 'zh-CN')).toBe('参数不对：--lang <language>；只能是 zh-CN 或 en。');
  });
});
