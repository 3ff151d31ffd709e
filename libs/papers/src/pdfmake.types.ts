/**
 * What is used of pdfmake, by types of our own: `@types/pdfmake` brings the browser's types along, and with them another `fetch` than Node's into every
 * program that sees them.
 */
export type Style = Readonly<{
  fontSize?: number;
  bold?: boolean;
  color?: string;
  alignment?: 'center';
  /** Left, top, right, bottom; points. */
  margin?: readonly [number, number, number, number];
}>;
type Named = Style & { readonly style?: string };
type Text = Named & { readonly text: string; readonly headlineLevel?: number; readonly pageBreak?: 'before' };
type Stack = Named & { readonly stack: readonly Content[]; readonly unbreakable?: boolean; readonly width?: '*' };
type Columns = Named & { readonly columns: readonly Content[]; readonly columnGap: number };
type OrderedList = Named & { readonly ol: readonly Content[] };
type Table = Named & {
  readonly layout: Readonly<Record<string, () => number | string>>;
  readonly table: { readonly headerRows?: number; readonly widths: readonly (number | string)[]; readonly body: readonly (readonly Content[])[] };
};
export type Content = Text | Stack | Columns | OrderedList | Table;

export interface PageDescription {
  readonly pageSize: 'A4';
  readonly pageOrientation: 'portrait' | 'landscape';
  readonly pageMargins: readonly [number, number, number, number];
  readonly defaultStyle: Style & { readonly font: string; readonly lineHeight: number };
  readonly styles: Readonly<Record<string, Style>>;
  readonly info: { readonly title: string; readonly creationDate: Date };
  readonly content: readonly Content[];
  pageBreakBefore(node: { readonly headlineLevel?: number }, nodes: { getFollowingNodesOnPage(): readonly unknown[] }): boolean;
  footer(page: number, pages: number): Content;
}

export interface Pdfmake {
  setFonts(fonts: Readonly<Record<string, { readonly normal: string; readonly bold: string }>>): void;
  setUrlAccessPolicy(allows: (url: string) => boolean): void;
  setLocalAccessPolicy(allows: (path: string) => boolean): void;
  createPdf(page: PageDescription): { getBuffer(): Promise<Buffer> };
}
