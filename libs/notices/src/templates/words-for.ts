import type { Language } from '@qiyue/need-domain';
import type { Words } from '../notice';
import { ALARM_TYPES, type NoticeType, type ToldType } from '../told';
import { EN } from './en';
import type { TemplateFacts } from './facts';
import type { Templates } from './template';
import { ZH } from './zh';

const TEMPLATES: Readonly<Record<Language, Templates>> = { 'zh-CN': ZH, en: EN };
export const LANGUAGES = Object.keys(TEMPLATES) as readonly Language[];

/** The words of a notice, with the way to the need in the last line. */
export const wordsFor = (type: ToldType, facts: TemplateFacts, needId: string, language: Language): Words => {
  const [subject, text] = TEMPLATES[language][type](facts);
  return { subject, text: `${text}\n/needs/${needId}` };
};

/** Every type of notice that there is. */
export const NOTICE_TYPES: readonly NoticeType[] = [...(Object.keys(ZH) as ToldType[]), ...ALARM_TYPES];
