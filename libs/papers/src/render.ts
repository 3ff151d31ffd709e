import { printedTime, type PaperDocument } from '@qiyue/aggregate';
import type { Language, Texts } from '@qiyue/civic-domain';
import { FONT, layoutOf, type Proof } from './layout';
import type { Pdfmake } from './pdfmake.types';

/** Which record a paper is made from. */
export interface PaperOrigin {
  readonly noun: Texts;
  readonly id: string;
  /** Of the last record in it, with its hash and its time (ISO 8601 with +08:00). */
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
  /** The command that shows the history, and its address. */
  readonly command: string;
  readonly address: string;
}

const pdfmake = require('pdfmake') as Pdfmake;

const fontFile = (name: string): string => require.resolve(`@expo-google-fonts/noto-sans-sc/${name}.ttf`);
const FONTS = { normal: fontFile('400Regular/NotoSansSC_400Regular'), bold: fontFile('700Bold/NotoSansSC_700Bold') };

pdfmake.setFonts({ [FONT]: FONTS });
/** Nothing that somebody wrote makes this process read a file or ask a server. */
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => Object.values(FONTS).includes(path));

/** A PDF, A4, with the letters that it needs inside. The same document of the same record gives the same bytes. */
export const renderPaper = (document: PaperDocument, origin: PaperOrigin, language: Language): Promise<Buffer> =>
  pdfmake.createPdf(layoutOf(document, PROOFS[language](origin), new Date(origin.at))).getBuffer();

/** What a paper that is of no single entity is made from. */
export interface ReportOrigin {
  /** When it was asked for, ISO 8601 with +08:00. */
  readonly at: string;
  /** SHA-256 of the answer without its `madeAt`, in canonical JSON (RFC 8785), lower-case hex. */
  readonly hash: string;
  /** Where the same is answered now, with its query. */
  readonly address: string;
}

/** The same of what was read from many entities at a moment: an answer that is printed. */
export const renderReport = (document: PaperDocument, origin: ReportOrigin, language: Language): Promise<Buffer> =>
  pdfmake.createPdf(layoutOf(document, REPORT_PROOFS[language](document, origin), new Date(origin.at))).getBuffer();

const REPORT_PROOFS: Readonly<Record<Language, (document: PaperDocument, origin: ReportOrigin) => Proof>> = {
  'zh-CN': ({ title }, { at, hash, address }) => ({
    heading: '核对',
    rows: [
      ['生成时间', printedTime(at)],
      ['数据哈希', hash],
    ],
    how: `本件由上述时间的记录汇总而成。核对办法：以同一身份、同一语言查询 ${address}；此后没有变动的，所得 JSON 去掉 madeAt 后的规范形式（RFC 8785）的 SHA-256 应与上列哈希一致。`,
    footOf: (page, pages) => `${title}　${printedTime(at)}　第 ${page} 页，共 ${pages} 页`,
  }),
  en: ({ title }, { at, hash, address }) => ({
    heading: 'How to check this document',
    rows: [
      ['Made at', printedTime(at)],
      ['Hash', hash],
    ],
    how: `This was put together from what was recorded until then. Ask ${address} as the same reader, in the same language: as long as nothing has changed since, the SHA-256 of its JSON without madeAt, in canonical form (RFC 8785), is the one above.`,
    footOf: (page, pages) => `${title}, ${printedTime(at)}, page ${page} of ${pages}`,
  }),
};

const PROOFS: Readonly<Record<Language, (origin: PaperOrigin) => Proof>> = {
  'zh-CN': ({ noun, id, seq, hash, at, command, address }) => ({
    heading: '核对',
    rows: [
      ['编号', id],
      ['依据', `第 ${seq} 条记录，${printedTime(at)}`],
      ['记录哈希', hash],
    ],
    how: `本件由${noun['zh-CN']}的记录生成。核对办法：运行 ${command}，或查询 ${address}；第 ${seq} 条记录的 hash 应与上列哈希一致，该哈希涵盖此前全部记录。`,
    footOf: (page, pages) => `${noun['zh-CN']} ${id}　第 ${page} 页，共 ${pages} 页`,
  }),
  en: ({ noun, id, seq, hash, at, command, address }) => ({
    heading: 'How to check this document',
    rows: [
      ['Number', id],
      ['Made from', `record ${seq}, ${printedTime(at)}`],
      ['Hash', hash],
    ],
    how: `This was made from the records of the ${noun.en}. Run ${command}, or ask ${address}: the hash of record ${seq} has to be the one above, which covers all records before it.`,
    footOf: (page, pages) => `${noun.en} ${id}, page ${page} of ${pages}`,
  }),
};
