import type { Language } from '../context';

/** Mistakes in how the program was called, by commander's code, in Chinese; `{0}` stands for what its own text quotes. */
const ZH: Readonly<Record<string, string>> = {
  'commander.unknownCommand': '没有这个命令：{0}',
  'commander.unknownOption': '没有这个选项：{0}',
  'commander.missingArgument': '缺少参数：{0}',
  'commander.missingMandatoryOptionValue': '缺少必须的选项：{0}',
  'commander.optionMissingArgument': '选项缺少值：{0}',
  'commander.excessArguments': '参数过多',
  'commander.invalidArgument': '参数不对：{0}',
};

interface UsageError {
  readonly code: string;
  readonly message: string;
}

/** What is wrong with a call, in the language of the call. */
export const usageLine = ({ code, message }: UsageError, language: Language): string => {
  const zh = language === 'zh-CN' ? ZH[code] : undefined;
  if (zh === undefined) return message;
  const [, quoted = ''] = /'([^']*)'/.exec(message) ?? [];
  const own = /\p{Script=Han}.*$/u.exec(message)?.[0]; // what our own reader of the value has said
  const choices = /Allowed choices are (.*)\.$/.exec(message)?.[1]?.replaceAll(', ', '、');
  return [zh.replace('{0}', quoted), ...(own === undefined ? [] : [own]), ...(choices === undefined ? [] : [`只能是 ${choices}`])].join('；');
};
