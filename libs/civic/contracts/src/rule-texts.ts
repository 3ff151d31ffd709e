import type { Language } from '@qiyue/civic-domain';

type Words = Readonly<Record<Language, string>>;

/** What each check of our own asks for. `{name}` stands for one of the check's `params`: a number, or the name of a place. */
export const RULE_TEXTS = {
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
  'calendar-date': { 'zh-CN': '不是有效日期，或离今天太远（例如 2024-07-01）', en: 'Not a real date, or too far from today, as 2024-07-01' },
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
  'double-name': { 'zh-CN': '名称重复：{name}', en: 'This name is there already: {name}' },
  nesting: { 'zh-CN': '嵌套过深，最多 32 层', en: 'Nested too deep: at most 32 levels' },
  'whole-number': { 'zh-CN': '须为 {min} 到 {max} 的整数', en: 'A whole number from {min} to {max}' },
  cursor: { 'zh-CN': '不是这个列表给出的 cursor', en: 'Not a cursor that this list has given' },
  'cursor-order': { 'zh-CN': '这个 cursor 是另一种排序（sort）的', en: 'This cursor is of another order (sort)' },
  'range-order': { 'zh-CN': '不能早于 from', en: 'Lies before from' },
  'opaque-id': { 'zh-CN': '只能用字母、数字和 _ . : @ | -', en: 'Only letters, digits and _ . : @ | -' },
  'command-id': {
    'zh-CN': '只能用可见的 ASCII 字符，不含空格，且不能用系统自己的名称',
    en: 'Only visible ASCII characters, no spaces, and no name of the system itself',
  },
  'part-id': { 'zh-CN': '须为其中一项的编号（例如 i1、p1、c1）', en: 'The number of one of its parts, as i1, p1 or c1' },
  'entity-id': { 'zh-CN': '不是有效的 id', en: 'Not an id' },
  'known-name': { 'zh-CN': '没有这个名称', en: 'There is no such name' },
  'recorded-time': {
    'zh-CN': '须为记录中的时间（例如 2024-07-01T09:00:00.000+08:00）',
    en: 'A time as records have it, as 2024-07-01T09:00:00.000+08:00',
  },
  'unit-of-department': { 'zh-CN': '部门（department）须写明单位', en: 'A department needs its unit' },
  'expiry-bound': { 'zh-CN': '晚于允许的最长期限', en: 'Later than a key may last' },
  'rows-of-one-side': {
    'zh-CN': '须与所选单位或社区一致，且两者只能选一个',
    en: 'Has to fit the unit or the community that is named, and only one of them',
  },
} as const satisfies Readonly<Record<string, Words>>;

/** Own checks name themselves; `explainIssues` has their texts. */
export type Rule = keyof typeof RULE_TEXTS;

/** Of a refinement, which ends the checks of its field. `params`: the numbers that stand in its text. */
export const rule = (name: Rule, params: Readonly<Record<string, number>> = {}) => ({ abort: true, error: name, params });

/** Of a pattern: people are told what it means, not how it is written. */
export const shaped = (name: Rule) => ({ error: name });
