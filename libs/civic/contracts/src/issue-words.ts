import type { Language } from '@qiyue/civic-domain';
import type { z } from 'zod';

type Words = Readonly<Record<Language, string>>;
type Issue<C extends z.core.$ZodIssue['code']> = Extract<z.core.$ZodIssue, { readonly code: C }>;

const UNFIT: Words = { 'zh-CN': '不符合要求', en: 'Does not fit' };
const FORMLESS: Words = { 'zh-CN': '格式不对', en: 'Not in the form that it has to have' };
const EMPTY: Words = { 'zh-CN': '不能为空', en: 'Must not be empty' };
const MISSING: Words = { 'zh-CN': '不能缺少', en: 'Missing' };
const NUMBER: Words = { 'zh-CN': '数字', en: 'a number' };
const FIELDS: Words = { 'zh-CN': '一组字段（JSON）', en: 'a group of fields (JSON)' };
const LIST: Words = { 'zh-CN': '列表', en: 'a list' };

/** What types are called by those who fill in a form. */
const TYPES: Readonly<Record<string, Words>> = {
  string: { 'zh-CN': '文字', en: 'a text' },
  number: NUMBER,
  int: { 'zh-CN': '整数', en: 'a whole number' },
  boolean: { 'zh-CN': '是或否（true 或 false）', en: 'yes or no (true or false)' },
  array: LIST,
  tuple: LIST,
  object: FIELDS,
  record: FIELDS,
  never: { 'zh-CN': '空', en: 'nothing' },
  undefined: { 'zh-CN': '空', en: 'nothing' },
  null: { 'zh-CN': '空（null）', en: 'nothing (null)' },
};

const FORMATS: Readonly<Record<string, Words>> = {
  email: { 'zh-CN': '不是邮箱地址（例如 li@example.cn）', en: 'Not an e-mail address, as li@example.cn' },
  url: { 'zh-CN': '不是网址（例如 https://example.cn）', en: 'Not an address of the web, as https://example.cn' },
  date: { 'zh-CN': '不是有效日期（例如 2024-07-01）', en: 'Not a real date, as 2024-07-01' },
  datetime: { 'zh-CN': '须为带时区的时间（例如 2024-07-01T09:00:00+08:00）', en: 'A time with its offset, as 2024-07-01T09:00:00+08:00' },
};

/** Every issue that a schema itself can find, in plain words of the reader's language: no pattern, no name of a type, no value that was sent. */
export const wordsOfIssue = (issue: z.core.$ZodIssue, language: Language): string => {
  const zh = language === 'zh-CN';
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue, language);
    case 'too_small':
    case 'too_big':
      return boundWords(issue, language);
    case 'invalid_format':
      return (FORMATS[issue.format] ?? FORMLESS)[language];
    case 'invalid_value':
      return oneOf(issue.values, language);
    case 'unrecognized_keys':
      return `${zh ? '没有这个字段：' : 'There is no such field: '}${issue.keys.join(zh ? '、' : ', ')}`;
    case 'not_multiple_of':
      return zh ? `须为 ${issue.divisor} 的倍数` : `A multiple of ${issue.divisor}`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? oneOf(issue.options, language) : UNFIT[language];
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return UNFIT[language];
  }
};

/** Zod keeps no input with an issue, but says in its own text where there was none. */
const isMissing = ({ message }: Issue<'invalid_type'>): boolean => message.endsWith('received undefined');

const typeWords = (issue: Issue<'invalid_type'>, language: Language): string => {
  if (isMissing(issue)) return MISSING[language];
  const type = TYPES[issue.expected]?.[language];
  if (type === undefined) return UNFIT[language];
  return language === 'zh-CN' ? `应为${type}` : `It has to be ${type}`;
};

const oneOf = (values: readonly unknown[], language: Language): string => {
  const given = values.map(String).join(language === 'zh-CN' ? '、' : ', ');
  if (values.length === 1) return language === 'zh-CN' ? `须为 ${given}` : `It has to be ${given}`;
  return language === 'zh-CN' ? `须为以下之一：${given}` : `One of: ${given}`;
};

const boundWords = (issue: Issue<'too_small'> | Issue<'too_big'>, language: Language): string => {
  const zh = language === 'zh-CN';
  const isLeast = issue.code === 'too_small';
  const bound = isLeast ? issue.minimum : issue.maximum;
  const counted = COUNTED[issue.origin]?.[language];
  if (counted !== undefined && isLeast && Number(bound) === 1) return EMPTY[language];
  const [least, most] = zh ? ['至少', '最多'] : ['at least', 'at most'];
  if (counted !== undefined)
    return zh ? `须${isLeast ? '有至少' : '不超过'} ${bound} ${counted}` : sentence(`${isLeast ? least : most} ${bound} ${counted}`);
  if (issue.inclusive === false) return zh ? `须${isLeast ? '大于' : '小于'} ${bound}` : `${isLeast ? 'More' : 'Less'} than ${bound}`;
  return zh ? `${isLeast ? least : most}为 ${bound}` : sentence(`${isLeast ? least : most} ${bound}`);
};

/** What is counted where a length is bounded; a number is bounded itself. */
const COUNTED: Readonly<Record<string, Words>> = {
  string: { 'zh-CN': '个字', en: 'characters' },
  array: { 'zh-CN': '项', en: 'entries' },
  set: { 'zh-CN': '项', en: 'entries' },
  map: { 'zh-CN': '项', en: 'entries' },
  file: { 'zh-CN': '字节', en: 'bytes' },
};

const sentence = (text: string): string => text.replace(/^./, (letter) => letter.toUpperCase());
