import type { SheetCell, SheetColumn } from '@qiyue/aggregate';
import { zipStream } from './zip-stream';

/** Rows of a sheet, as spreadsheets have it. */
const ROWS_MAX = 1_048_576;
const [PLAIN, BOLD, TEXT] = [0, 1, 2];

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const related = (id: string, kind: string, target: string): string => `<Relationship Id="${id}" Type="${RELATIONS}/${kind}" Target="${target}"/>`;
const relations = (...all: readonly string[]): string => `${XML}<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;

const CONTENT_TYPES = `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`;
const WORKBOOK = `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`;
/** Cells by number: as they are, headings in bold, texts that stay texts when somebody edits them. */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/**
 * A workbook of one sheet as a stream, its first row always in sight, whatever number of rows it has: they are written as they come. Each text is a text, whatever
 * it begins with; formulas are cells of another kind, of which there are none.
 */
export const streamWorkbook = (
  columns: readonly Pick<SheetColumn, 'heading' | 'width'>[],
  rows: AsyncIterable<readonly (readonly SheetCell[])[]>,
): AsyncIterable<Buffer> =>
  zipStream([
    { name: '[Content_Types].xml', content: [CONTENT_TYPES] },
    { name: '_rels/.rels', content: [relations(related('rId1', 'officeDocument', 'xl/workbook.xml'))] },
    { name: 'xl/workbook.xml', content: [WORKBOOK] },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: [relations(related('rId1', 'worksheet', 'worksheets/sheet1.xml'), related('rId2', 'styles', 'styles.xml'))],
    },
    { name: 'xl/styles.xml', content: [STYLES] },
    { name: 'xl/worksheets/sheet1.xml', content: sheet(columns, rows) },
  ]);

async function* sheet(
  columns: readonly Pick<SheetColumn, 'heading' | 'width'>[],
  pages: AsyncIterable<readonly (readonly SheetCell[])[]>,
): AsyncGenerator<string> {
  const frozen =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  const widths = columns.map(({ width }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join('');
  yield `${XML}<worksheet xmlns="${MAIN}">${frozen}<cols>${widths}</cols><sheetData>`;
  yield rowOf(
    columns.map(({ heading }) => heading),
    1,
    BOLD,
  );
  let count = 1;
  for await (const rows of pages) {
    const before = count + 1;
    count += rows.length;
    if (count > ROWS_MAX) throw new Error(`a sheet ends at ${ROWS_MAX} rows`);
    yield rows.map((row, i) => rowOf(row, before + i, TEXT)).join('');
  }
  yield '</sheetData></worksheet>';
}

const rowOf = (cells: readonly SheetCell[], row: number, style: number): string =>
  `<row r="${row}">${cells.map((cell, column) => cellOf(cell, `${lettersOf(column)}${row}`, style)).join('')}</row>`;

const LETTERS = 26;
const FIRST = 'A'.charCodeAt(0);
/** Of a column: A … Z, AA … */
const lettersOf = (column: number): string =>
  `${column < LETTERS ? '' : lettersOf(Math.floor(column / LETTERS) - 1)}${String.fromCharCode(FIRST + (column % LETTERS))}`;

const cellOf = (cell: SheetCell, at: string, style: number): string => {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${at}" s="${PLAIN}"><v>${cell}</v></c>`;
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
};

/** What XML has no way to say is left out. */
const UNSAYABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replace(UNSAYABLE, '').replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign);
