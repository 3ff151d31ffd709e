export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
/** The same in every language. */
export type Texts = Readonly<Record<Language, string>>;
