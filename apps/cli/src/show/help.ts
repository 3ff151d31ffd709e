import { Help, type Argument, type Command, type HelpConfiguration, type Option } from 'commander';
import { inWords, language } from './language';

/** Commander's own words, by what it writes. */
const TITLES: Readonly<Record<string, string>> = { 'Usage:': '用法：', 'Arguments:': '参数：', 'Options:': '选项：', 'Commands:': '命令：' };
const BESIDE: readonly (readonly [string, string])[] = [
  ['(choices: ', '（可选值：'],
  ['(default: ', '（默认：'],
  [', default: ', '，默认：'],
];

const inChinese = (description: string): string => {
  const told = BESIDE.reduce((text, [en, zh]) => text.replace(en, zh), description);
  return told === description ? description : told.replace(/\)$/, '）').replace(' （', '（');
};

const PLAIN = new Help();
const IN_CHINESE: HelpConfiguration = {
  styleTitle: (title) => TITLES[title] ?? title,
  optionDescription: (option: Option) => inChinese(PLAIN.optionDescription(option)),
  argumentDescription: (argument: Argument) => inChinese(PLAIN.argumentDescription(argument)),
};

/** Help in the language of the call. Before verbs are added: they take it over when they are made. */
export const withHelp = (program: Command): Command =>
  program
    .configureHelp({ sortSubcommands: false, ...(language() === 'zh-CN' ? IN_CHINESE : {}) })
    .helpOption('-h, --help', inWords({ 'zh-CN': '显示帮助', en: 'display help for command' }))
    .helpCommand('help [command]', inWords({ 'zh-CN': '显示一个命令的帮助', en: 'display help for command' }));
