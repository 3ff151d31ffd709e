/** What can be wrong with a file of any kind that an office writes. */
export type FileMistakeKind = 'not-json' | 'not-an-object' | 'not-a-list' | 'missing-field' | 'unknown-field' | 'bad-text' | 'bad-version';

export type FileLanguage = 'zh-CN' | 'en';

/** By kind; `{detail}` is filled from the mistake. */
export type MistakeMessages<K extends string> = Readonly<Record<K, Readonly<Record<FileLanguage, string>>>>;

export interface FileMistake<K extends string> {
  readonly kind: K;
  /** The place in the file: `holidays[3].date`; empty for the file itself. */
  readonly where: string;
  /** The value that is wrong, shortened, or what would be right. */
  readonly detail: string;
}

/** A document that has been checked, or every mistake in it. */
export type CheckedFile<T, K extends string> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly mistakes: readonly FileMistake<K>[] };

export const FILE_MISTAKE_MESSAGES: MistakeMessages<FileMistakeKind> = {
  'not-json': { 'zh-CN': '不是有效的 JSON 文件：{detail}', en: 'not valid JSON: {detail}' },
  'not-an-object': { 'zh-CN': '应为对象 {…}', en: 'has to be an object {…}' },
  'not-a-list': { 'zh-CN': '应为列表 […]', en: 'has to be a list […]' },
  'missing-field': { 'zh-CN': '缺少此项', en: 'is missing' },
  'unknown-field': { 'zh-CN': '没有这一项，请检查拼写', en: 'is no field of this file; check the spelling' },
  'bad-text': { 'zh-CN': '应为 1 至 200 个字的文字', en: 'has to be a text of 1 to 200 characters' },
  'bad-version': {
    'zh-CN': '版本号只能用字母、数字和 . _ + -，最多 64 个字符：{detail}',
    en: 'a version has letters, digits and . _ + - only, at most 64 of them: {detail}',
  },
};

/** A mistake as a line for the reader: the place, then what is wrong there. */
export const explainedBy =
  <K extends string>(messages: MistakeMessages<K>) =>
  ({ kind, where, detail }: FileMistake<K>, language: FileLanguage): string => {
    const text = messages[kind][language].replace('{detail}', () => detail);
    return where === '' ? text : `${where}${language === 'zh-CN' ? '：' : ': '}${text}`;
  };
