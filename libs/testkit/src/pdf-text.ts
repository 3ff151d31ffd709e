import { inflateSync } from 'node:zlib';

/** What a PDF of ours says and is: enough of ISO 32000 for what pdfmake writes, and no more. */
export interface ReadPdf {
  /** Text of all pages as it was drawn, without spaces between its pieces. */
  readonly text: string;
  /** Points, 72 to an inch. */
  readonly pages: readonly { readonly width: number; readonly height: number }[];
  /** Fonts by their names, and whether their letters are inside. */
  readonly fonts: readonly { readonly name: string; readonly isEmbedded: boolean }[];
}

/** `/Type /Page`, and not `/Pages`. */
const PAGE = /\/Type \/Page\b/;

export const readPdf = (content: Buffer): ReadPdf => {
  const objects = objectsOf(content);
  const all = [...objects.values()];
  const headers = all.map(({ header }) => header);
  return {
    text: headers
      .filter((header) => PAGE.test(header))
      .map((page) => textOf(page, objects))
      .join('\n'),
    pages: headers.filter((header) => PAGE.test(header)).map(sizeOf),
    fonts: headers
      .filter((header) => /\/Type \/FontDescriptor/.test(header))
      .map((font) => ({ name: /\/FontName \/(\S+)/.exec(font)?.[1] ?? '', isEmbedded: /\/FontFile/.test(font) })),
  };
};

interface PdfObject {
  readonly header: string;
  /** Unpacked; null where it has none. */
  readonly stream: string | null;
}
type Objects = ReadonlyMap<string, PdfObject>;

const objectsOf = (content: Buffer): Objects => {
  const bytes = content.toString('latin1');
  const found = [...bytes.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)];
  return new Map(found.map(([, id = '', body = '']) => [id, objectOf(body)]));
};

const objectOf = (body: string): PdfObject => {
  const at = body.indexOf('stream\n');
  if (at === -1) return { header: body, stream: null };
  const [header, packed] = [body.slice(0, at), Buffer.from(body.slice(at + 7, body.lastIndexOf('\nendstream')), 'latin1')];
  return { header, stream: (/\/FlateDecode/.test(header) ? inflateSync(packed) : packed).toString('latin1') };
};

const sizeOf = (page: string): { readonly width: number; readonly height: number } => {
  const [, width, height] = /\/MediaBox \[0 0 (\S+) (\S+)\]/.exec(page) ?? [];
  return { width: Number(width), height: Number(height) };
};

const referred = (header: string, name: string, objects: Objects): PdfObject | undefined =>
  objects.get(new RegExp(`/${name} (\\d+) 0 R`).exec(header)?.[1] ?? '');

/** The letters of each font that a page's resources name, by their codes. */
const lettersOf = (page: string, objects: Objects): ReadonlyMap<string, readonly string[]> => {
  const resources = referred(page, 'Resources', objects)?.header ?? '';
  const fonts = [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)];
  return new Map(fonts.map(([, name = '', id = '']) => [name, codesIn(referred(objects.get(id)?.header ?? '', 'ToUnicode', objects)?.stream ?? '')]));
};

/** Of ranges from code 0 on, as pdfkit writes them: in blocks of 256. */
const codesIn = (map: string): readonly string[] =>
  [...map.matchAll(/<[0-9a-f]+> <[0-9a-f]+> \[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/<([0-9a-f ]*)>/g)].map(([, units = '']) =>
      String.fromCharCode(...(units.match(/[0-9a-f]{4}/g) ?? []).map((unit) => parseInt(unit, 16))),
    ),
  );

const textOf = (page: string, objects: Objects): string => {
  const letters = lettersOf(page, objects);
  const drawn = referred(page, 'Contents', objects)?.stream ?? '';
  let font: readonly string[] = [];
  return [...drawn.matchAll(/\/(F\d+) \S+ Tf|<([0-9a-f]+)>/g)]
    .map(([, name, codes = '']) => {
      if (name !== undefined) font = letters.get(name) ?? [];
      return (codes.match(/.{4}/g) ?? []).map((code) => font[parseInt(code, 16)] ?? '\ufffd').join('');
    })
    .join('');
};
