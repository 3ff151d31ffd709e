import { createHash } from 'node:crypto';
import type { PublicPage } from '@qiyue/aggregate';
import type { Language, Texts } from '@qiyue/civic-domain';

const STYLE =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:42em;margin:2em auto;padding:0 1em;color:#222}dt{color:#666}dd{margin:0 0 .6em}h1{font-size:1.4em}';

/** Nothing runs, nothing is fetched, nobody frames it: the one style that it has is named by its hash. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

interface PageTexts {
  readonly number: string;
  readonly stage: string;
  readonly more: string;
  readonly closed: (noun: string) => string;
  readonly absent: (noun: string) => string;
}
const TEXTS: Readonly<Record<Language, PageTexts>> = {
  'zh-CN': {
    ...{ number: '编号', stage: '进展', more: '登录后可查看更多内容：请在本系统的客户端登录，或联系社区。' },
    closed: (noun) => `${noun}的内容不对外公开。请登录后查看，或联系社区。`,
    absent: (noun) => `没有这项${noun}。请核对地址，或按编号查询。`,
  },
  en: {
    ...{ number: 'Number', stage: 'Stage', more: 'There is more for those who sign in: use a client of this system, or ask the community.' },
    closed: (noun) => `What stands in a ${noun} is not public. Please sign in to read it, or ask the community.`,
    absent: (noun) => `There is no such ${noun}. Please check the address, or look it up by its number.`,
  },
};

/** Text as HTML shows it, between tags and in attributes alike. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);

const documentOf = (language: Language, title: string, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>\n`;

const paragraph = (text: string): string => `<p>${escaped(text)}</p>`;

/** What anybody may read of an entity. `number`: null of a kind that people name otherwise. */
export const openPage = ({ title, stage, facts }: PublicPage, number: string | null, language: Language): string => {
  const texts = TEXTS[language];
  const called = number === null ? [] : [[texts.number, number] as const];
  const rows = [...called, [texts.stage, stage] as const, ...facts].map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`);
  return documentOf(
    language,
    [title, ...called.map(([, said]) => said)].join(' '),
    `<h1>${escaped(title)}</h1><dl>${rows.join('')}</dl>${paragraph(texts.more)}`,
  );
};

/** Of a kind of which nothing is public: the same whether there is such an entity or not. */
export const closedPage = (noun: Texts, language: Language): string =>
  documentOf(language, noun[language], paragraph(TEXTS[language].closed(noun[language])));

export const absentPage = (noun: Texts, language: Language): string =>
  documentOf(language, noun[language], paragraph(TEXTS[language].absent(noun[language])));
