import type { Texts } from '@qiyue/civic-domain';

/** What several verbs have to say. */
export const NOTHING_WRONG: Texts = { 'zh-CN': '没有问题', en: 'nothing wrong' };
export const NO_ANSWER: Texts = { 'zh-CN': '接口没有返回内容', en: 'the API answered nothing' };
export const NOTHING_FOUND: Texts = { 'zh-CN': '没有找到', en: 'nothing was found' };
export const MORE = (cursor: string): Texts => ({ 'zh-CN': `还有更多：加 --cursor ${cursor}`, en: `more of them: add --cursor ${cursor}` });
export const NO_KAFKA: Texts = {
  'zh-CN': '没有 Kafka：用 `npx qiyue up --detach` 启动系统，或设置 QIYUE_KAFKA_BROKERS',
  en: 'no Kafka: start the system with `npx qiyue up --detach`, or set QIYUE_KAFKA_BROKERS',
};
export const NO_TEMPORAL: Texts = {
  'zh-CN': '没有 Temporal：用 `npx qiyue up --detach` 启动系统，或设置 QIYUE_TEMPORAL_ADDRESS',
  en: 'no Temporal: start the system with `npx qiyue up --detach`, or set QIYUE_TEMPORAL_ADDRESS',
};
export const NO_MONGODB: Texts = {
  'zh-CN': '没有 MongoDB：用 `npx qiyue up --detach` 启动系统，或设置 QIYUE_MONGODB_URI',
  en: 'no MongoDB: start the system with `npx qiyue up --detach`, or set QIYUE_MONGODB_URI',
};
export const NOT_UP: Texts = {
  'zh-CN': '系统没有启动：用 `npm start` 或 `npx qiyue up --detach` 启动',
  en: 'the system is not up: start it with `npm start` or `npx qiyue up --detach`',
};
export const BUSY: Texts = { 'zh-CN': '此刻正在尝试：请稍后再试', en: 'it is being tried this very moment: ask again' };
/** The command was taken all the same. */
export const UNLISTED = (unit: string, suggestions: readonly string[]): Texts => ({
  'zh-CN': `名录中没有单位“${unit}”，可能无人收到${suggestions.length === 0 ? '' : `；是否为：${suggestions.join('、')}`}`,
  en: `the directory lists no unit “${unit}”: perhaps nobody reads for it${suggestions.length === 0 ? '' : `; is it ${suggestions.join(', ')}?`}`,
});
