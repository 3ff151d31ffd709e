import type { Texts } from '@qiyue/civic-domain';

/** What options say that several verbs have. */
export const AS_JSON: Texts = { 'zh-CN': '以 JSON 输出', en: 'print as JSON' };
export const STATUS_AS_JSON: Texts = { 'zh-CN': '以 JSON 输出状态', en: 'print the status as JSON' };
export const FROM_TIME: Texts = { 'zh-CN': '自此时刻起，ISO 8601，带时区', en: 'from this instant on, ISO 8601 with offset' };
export const BEFORE_TIME: Texts = { 'zh-CN': '此时刻之前', en: 'before this instant' };
export const AT_MOST: Texts = { 'zh-CN': '最多多少条', en: 'at most so many' };
export const GO_ON: Texts = { 'zh-CN': '接着上一次列出的往后', en: 'go on behind an earlier list' };
export const ENTITY: Texts = { 'zh-CN': '事项', en: 'the entity' };
export const OF_ACTOR: Texts = { 'zh-CN': '某一操作者的', en: 'of one actor' };
export const OF_UNIT: Texts = { 'zh-CN': '某一单位的', en: 'of one unit' };
export const OF_NEED: Texts = { 'zh-CN': '同上，某一需求的', en: 'the same, of a need' };
export const IN_ROLE: Texts = { 'zh-CN': '以什么角色', en: 'in which role' };
export const FOR_UNIT: Texts = { 'zh-CN': '代表哪个单位', en: 'of which unit' };
export const UNIT_OF_ACTOR: Texts = { 'zh-CN': '操作者的单位', en: 'unit of the actor' };
export const NEVER_OVER: Texts = { 'zh-CN': '写入的文件；不覆盖已有的', en: 'where to; never over a file that is there' };
export const DETACH: Texts = { 'zh-CN': '不等待未结事项处理完', en: 'do not wait for the open entities' };
export const NOT_ASKED: Texts = {
  'zh-CN': '不先查看哪些期限提前，也不询问',
  en: 'do not look first whose deadlines end earlier, and do not ask',
};
export const FORECAST_ONLY: Texts = {
  'zh-CN': '只说明哪些期限会提前，不改动',
  en: 'say whose deadlines would end earlier, and change nothing',
};
export const AS_OPERATOR: Texts = {
  'zh-CN': '以该运维人员的身份；不填：QIYUE_TOKEN，或本机系统的 `operator`',
  en: 'as this operator; left out: QIYUE_TOKEN, or `operator` of the local stack',
};
export const PERSON: Texts = { 'zh-CN': '本人，即其令牌中的 `sub`', en: 'the person, as in the `sub` of their token' };
