import type { Language } from './languages';

/** `tangible` = 实事, something one can see and touch that meets an urgent worry; `service` = 好事: lectures, campaigns, clean-ups. */
export const DEED_KINDS = ['tangible', 'service'] as const;
export type DeedKind = (typeof DEED_KINDS)[number];

/** As both are called where people read of them. */
export const DEED_KIND_NAMES: Readonly<Record<Language, Readonly<Record<DeedKind, string>>>> = {
  'zh-CN': { tangible: '实事', service: '好事' },
  en: { tangible: 'works', service: 'service' },
};
