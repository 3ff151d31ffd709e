import { fileTypeFromBuffer } from 'file-type/core';

/** What may be attached, by content; the ending is for whoever saves it. None of these runs anything in a browser that shows it as what it is. */
export const FILE_TYPES = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'application/pdf': 'pdf',
} as const;
export type FileType = keyof typeof FILE_TYPES;

/** So much of a file says what it is: to read more of one that is made of nothing but beginnings keeps everybody waiting. */
const TOLD_WITHIN = 65_536;
const BRANDS_WITHIN = 1_024;

/** Told by its bytes, whatever its name or `Content-Type` says. Null: nothing that may be attached. */
export const fileTypeOf = async (content: Uint8Array): Promise<FileType | null> => {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (isHeif(bytes)) return 'image/heic';
  const found = await fileTypeFromBuffer(bytes.subarray(0, TOLD_WITHIN)).catch(() => undefined); // a file that breaks off
  if (found === undefined) return isPdf(bytes) ? 'application/pdf' : null;
  return Object.hasOwn(FILE_TYPES, found.mime) ? (found.mime as FileType) : null;
};

/** Readers look so far for the beginning of a PDF (ISO 32000-1, annex H.3.4.1): scanners and mail put bytes before it. They stay. */
const PDF_BEGINS_WITHIN = 1_024;
const isPdf = (bytes: Buffer): boolean => bytes.subarray(0, PDF_BEGINS_WITHIN + '%PDF-'.length - 1).includes('%PDF-', 0, 'latin1');

/** Brands of HEIF with HEVC in it (ISO/IEC 23008-12, annex B): stills and sequences. */
const HEVC_BRANDS: ReadonlySet<string> = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);
/** Of HEIF with whatever in it. */
const HEIF_BRANDS: ReadonlySet<string> = new Set(['mif1', 'msf1']);
const OTHER_CODECS: ReadonlySet<string> = new Set(['avif', 'avis']);

/** By the file's own brand or one that it says to be compatible with. */
const isHeif = (bytes: Buffer): boolean => {
  const [major, ...compatible] = brandsOf(bytes);
  if (major === undefined || [major, ...compatible].some((brand) => OTHER_CODECS.has(brand))) return false;
  return HEIF_BRANDS.has(major) || [major, ...compatible].some((brand) => HEVC_BRANDS.has(brand));
};

const brandsOf = (bytes: Buffer): readonly string[] => {
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'ftyp') return [];
  const box = bytes.subarray(8, Math.min(bytes.readUInt32BE(0), bytes.length, BRANDS_WITHIN));
  const brands = Array.from({ length: Math.floor(box.length / 4) }, (_, i) => box.toString('latin1', i * 4, i * 4 + 4));
  return brands.filter((_, i) => i !== 1); // its version stands second
};
