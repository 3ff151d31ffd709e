import type { ClockEvent, Texts } from '@qiyue/civic-domain';
import type { AnyAggregate } from './aggregate';

/** What happens to a deadline, whatever kind of entity it is of. */
export const CLOCK_EVENT_WORDS: Readonly<Record<ClockEvent['type'], Texts>> = {
  DeadlineApproaching: { 'zh-CN': '临期提醒', en: 'deadline approaching' },
  DeadlineMissed: { 'zh-CN': '逾期', en: 'deadline missed' },
  Escalated: { 'zh-CN': '升级', en: 'escalated' },
  ClockPaused: { 'zh-CN': '停钟', en: 'clock paused' },
  ClockResumed: { 'zh-CN': '恢复计时', en: 'clock resumed' },
  ExtensionRequested: { 'zh-CN': '申请延期', en: 'extension asked for' },
  ExtensionGranted: { 'zh-CN': '同意延期', en: 'extension granted' },
  ExtensionDenied: { 'zh-CN': '不同意延期', en: 'extension denied' },
  DeadlineMoved: { 'zh-CN': '期限调整', en: 'deadline moved' },
};

/** What an event of this kind of entity is called; undefined where its definition has no word. */
export const eventWordsOf = ({ eventWords }: Pick<AnyAggregate, 'eventWords'>, type: string): Texts | undefined =>
  eventWords?.[type] ?? (CLOCK_EVENT_WORDS as Readonly<Record<string, Texts>>)[type];
