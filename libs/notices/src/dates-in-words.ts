import { DAY_MS, HOUR_MS, instantMsOf } from '@qiyue/engine';
import type { Language } from '@qiyue/civic-domain';

const SHANGHAI_MS = 8 * HOUR_MS;
const WEEKDAYS: Readonly<Record<Language, readonly string[]>> = {
  'zh-CN': ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
};
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const NOT_YET: Readonly<Record<Language, string>> = { 'zh-CN': '日期待定', en: 'a date to be set' };
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** An instant as people of the county say it, in Shanghai's time; null is a date that the calendar does not reach. */
export const dateInWords = (instant: string | null, language: Language): string => {
  if (instant === null) return NOT_YET[language];
  const localMs = instantMsOf(instant) + SHANGHAI_MS;
  const [date = '', time = ''] = new Date(localMs).toISOString().split('T');
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const weekday = WEEKDAYS[language][(Math.floor(localMs / DAY_MS) + EPOCH_WEEKDAY) % 7] ?? '';
  const clock = time.slice(0, 5);
  return language === 'zh-CN' ? `${year}年${month}月${day}日（${weekday}）${clock}` : `${weekday} ${day} ${MONTHS[month - 1]} ${year}, ${clock}`;
};
