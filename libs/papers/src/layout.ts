import type { PaperDocument, PaperPart } from '@qiyue/aggregate';
import type { Content, PageDescription } from './pdfmake.types';

export const FONT = 'NotoSansSC';
/** Points, 72 to an inch: about 2 cm on each side. */
const MARGINS = [57, 50, 57, 54] as const;
/** What lies across has wide tables. */
const WIDE_MARGINS = [36, 40, 36, 44] as const;
const [INK, FAINT, RULE] = ['#1a1a1a', '#666666', '#bbbbbb'];
const SEAL_ROOM = 30;
const SMALL = 7.5;

/** Where the letters of a page come from and how it is laid out, without its text. */
const PAGE = {
  pageSize: 'A4',
  defaultStyle: { font: FONT, fontSize: 10.5, lineHeight: 1.15, color: INK },
  styles: {
    title: { fontSize: 18, bold: true, alignment: 'center', margin: [0, 0, 0, 10] },
    heading: { fontSize: 12, bold: true, margin: [0, 9, 0, 4] },
    head: { bold: true },
    name: { color: FAINT },
    small: { fontSize: 8.5, color: FAINT },
  },
} as const satisfies Partial<PageDescription>;

/** Only rules between rows. */
const RULED = {
  hLineWidth: (): number => 0.5,
  vLineWidth: (): number => 0,
  hLineColor: (): string => RULE,
  paddingTop: (): number => 2,
  paddingBottom: (): number => 2,
};
/** No rules, and lines close to each other. */
const PLAIN = { ...RULED, hLineWidth: (): number => 0, paddingTop: (): number => 0, paddingBottom: (): number => 0, paddingLeft: (): number => 0 };
const NAMES_WIDTH = 112;

const cell = (text: string): Content => ({ text });
const named = ([name, value]: readonly [string, string]): Content[] => [{ text: name, style: 'name' }, { text: value }];

const contentOf = (part: PaperPart): Content => {
  switch (part.kind) {
    case 'heading':
      return { text: part.text, style: 'heading', headlineLevel: 1, ...(part.onNewPage === true ? { pageBreak: 'before' } : {}) };
    case 'text':
      return { text: part.text, margin: [0, 0, 0, 4] };
    case 'facts':
      return { layout: PLAIN, table: { widths: [NAMES_WIDTH, '*'], body: part.rows.map(named) } };
    case 'table':
      return {
        layout: RULED,
        ...(part.small === true ? { fontSize: SMALL } : {}),
        table: { headerRows: 1, widths: sharesOf(part.widths), body: [part.head.map(headOf), ...part.rows.map((row) => row.map(cell))] },
      };
    case 'list':
      return { ol: part.items.map((text) => ({ text })), margin: [0, 0, 0, 4] };
    case 'signatures':
      return {
        unbreakable: true,
        stack: [
          { text: part.heading, style: 'heading' },
          ...(part.note === undefined ? [] : [{ text: part.note }]),
          { margin: [0, 8, 0, 0], columnGap: 24, columns: part.sides.map(sideOf) },
        ],
      };
  }
};

const headOf = (text: string): Content => ({ text, style: 'head' });
const sharesOf = (widths: readonly number[]): string[] => {
  const sum = widths.reduce((all, width) => all + width, 0);
  return widths.map((width) => `${((width / sum) * 100).toFixed(2)}%`);
};
const sideOf = ({ title, lines }: { readonly title: string; readonly lines: readonly string[] }): Content => ({
  width: '*',
  stack: [{ text: title, bold: true }, { text: '', margin: [0, 0, 0, SEAL_ROOM] }, ...lines.map((text) => ({ text }))],
});

/** What is added to each paper: what it was made from, and how that is checked. */
export interface Proof {
  readonly heading: string;
  readonly rows: readonly (readonly [string, string])[];
  readonly how: string;
  /** At the foot of each page, with the page's number. */
  footOf(page: number, pages: number): string;
}

const proofOf = ({ heading, rows, how }: Proof): Content => ({
  unbreakable: true,
  stack: [
    { text: heading, style: 'heading' },
    { layout: PLAIN, table: { widths: [NAMES_WIDTH, '*'], body: rows.map(named) }, fontSize: 8.5 },
    { text: how, style: 'small', margin: [0, 4, 0, 0] },
  ],
});

/** The whole page description. The date of the record and not that of the print: the same record gives the same bytes. */
export const layoutOf = ({ title, orientation = 'portrait', parts }: PaperDocument, proof: Proof, at: Date): PageDescription => ({
  ...PAGE,
  pageOrientation: orientation,
  pageMargins: orientation === 'landscape' ? WIDE_MARGINS : MARGINS,
  info: { title, creationDate: at },
  content: [{ text: title, style: 'title' }, ...parts.map(contentOf), proofOf(proof)],
  /** A heading is not left behind at the foot of a page. */
  pageBreakBefore: ({ headlineLevel }, nodes) => headlineLevel === 1 && nodes.getFollowingNodesOnPage().length === 0,
  footer: (page, pages) => ({ text: proof.footOf(page, pages), style: 'small', alignment: 'center', margin: [0, 20, 0, 0] }),
});
