import type { Language } from '@qiyue/civic-domain';
import { z } from 'zod';
import type { Rule } from './text-fields';

export interface ExplainedIssue {
  /** Where, as `items.0.quantity`; empty for the body itself. */
  readonly path: string;
  readonly message: string;
}

const ISSUES_MAX = 20;
const MESSAGE_MAX = 300;

const LOCALES = { 'zh-CN': z.locales.zhCN().localeError, en: z.locales.en().localeError };

const RULE_TEXTS: Readonly<Record<Rule, Readonly<Record<Language, string>>>> = {
  'plain-text': {
    'zh-CN': '含有无法保存的字符（控制字符或改变文字方向的字符）',
    en: 'Contains characters that cannot be stored: control characters, or marks that change the direction of text',
  },
  decoded: {
    'zh-CN': '含有乱码（U+FFFD）：请用 UTF-8 编码发送',
    en: 'Contains U+FFFD, which stands for what a program could not decode: send UTF-8',
  },
  hidden: { 'zh-CN': '含有看不见的字符', en: 'Contains characters that cannot be seen' },
  visible: { 'zh-CN': '没有可见的文字', en: 'Contains nothing that can be seen' },
  'one-line': { 'zh-CN': '只能写一行，不能含换行或制表符', en: 'Must be one line, without line breaks and tabs' },
  'calendar-date': { 'zh-CN': '不是有效日期（例如 2024-07-01）', en: 'Not a real date, as 2024-07-01' },
  decimals: { 'zh-CN': '最多三位小数', en: 'At most three decimals' },
  'web-address': {
    'zh-CN': '须为 http 或 https 网址，或已上传附件的 urn:qiyue:file:…',
    en: 'Must be an http or https address, or the urn:qiyue:file:... of an attached file',
  },
  'known-file': {
    'zh-CN': '没有这个附件，或不是您上传的，或已过期：请重新上传',
    en: 'There is no such file, or it is not yours, or it is gone: send it again',
  },
  'rework-amount': { 'zh-CN': '返工（rework）须为 0，其他来源须至少 1 分', en: 'Exactly 0 for rework, at least 1 for any other source' },
  'split-mixed': { 'zh-CN': '仅用于混合来源（mixed）', en: 'Only with the source mixed' },
  'split-sum': { 'zh-CN': '各部分之和须等于总额', en: 'The parts have to add up to the amount' },
  'reason-for-not-ours': { 'zh-CN': '答复“不属于本单位”须说明理由', en: 'Say why it is not the unit’s business' },
  'later-when': { 'zh-CN': '答复“稍后到场”须写明时间', en: 'Say when, if it comes later' },
  'not-zero': { 'zh-CN': '不能为 0', en: 'Must not be 0' },
  'unit-or-community': { 'zh-CN': '须写明 unit（单位）或 community（社区）之一', en: 'Needs either a unit or a community, not both' },
  'answer-of-unit': { 'zh-CN': '答复期限仅用于派给单位', en: 'Only a unit is given a date to answer by' },
  'room-or-owner': { 'zh-CN': '须写明 room（房号）或 owner（业主）之一', en: 'Needs either a room or an owner, not both' },
  'evidence-content': { 'zh-CN': '须有 url 或 text', en: 'Needs a url or a text' },
  'double-name': { 'zh-CN': '名称重复', en: 'This name is there already' },
  nesting: { 'zh-CN': '嵌套过深，最多 32 层', en: 'Nested too deep: at most 32 levels' },
};
const MISSING: Readonly<Record<Language, string>> = { 'zh-CN': '缺少或类型不符，应为', en: 'Missing or of the wrong type, expected' };

/** What is wrong with a body that nests deeper than anybody means to. */
export const nestedTooDeep = (): z.core.$ZodError =>
  new z.ZodError([{ code: 'custom', path: [], message: '', params: { rule: 'nesting' satisfies Rule } }]);

/** What is wrong with a body that names files which its sender cannot name: where they stand in it. */
export const unknownFiles = (paths: readonly (readonly (string | number)[])[]): z.core.$ZodError =>
  new z.ZodError(paths.map((path) => ({ code: 'custom', path: [...path], message: '', params: { rule: 'known-file' satisfies Rule } })));

/** What is wrong with a body, in the reader's language. Never quotes a value but a place's name, so nothing personal gets into an answer. */
export const explainIssues = (error: z.core.$ZodError, language: Language): readonly ExplainedIssue[] =>
  error.issues.slice(0, ISSUES_MAX).map((issue) => ({
    path: issue.path.map(String).join('.').slice(0, MESSAGE_MAX),
    message: messageOf(issue, language).slice(0, MESSAGE_MAX),
  }));

const messageOf = (issue: z.core.$ZodIssue, language: Language): string => {
  if (issue.code === 'invalid_type') return `${MISSING[language]} ${issue.expected}`; // the issue no longer knows the input's type
  const name: unknown = issue.code === 'custom' ? issue.params?.['rule'] : undefined;
  if (typeof name === 'string' && Object.hasOwn(RULE_TEXTS, name)) return `${RULE_TEXTS[name as Rule][language]}${quotedIn(issue, language)}`;
  const message = LOCALES[language](issue as z.core.$ZodRawIssue);
  return (typeof message === 'string' ? message : message?.message) ?? issue.message;
};

/** The name of a place that an issue is about. */
const quotedIn = (issue: z.core.$ZodIssue, language: Language): string => {
  const name: unknown = issue.code === 'custom' ? issue.params?.['name'] : undefined;
  if (typeof name !== 'string') return '';
  return language === 'en' ? `: ${name}` : `：${name}`;
};
