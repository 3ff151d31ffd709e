import { cleanHeic, markHeic } from './heic';
import { cleanJpeg, markJpeg } from './jpeg';
import { TooManyParts } from './parts';
import { cleanPng, markPng } from './png';
import { cleanWebp, markWebp } from './webp';

type Clean = (content: Buffer) => Buffer | null;
type Mark = (content: Buffer, mark: Buffer) => Buffer;

/** Scans are no photos, and a document's own properties belong to it. */
const asItIs: Clean = (content) => content;
/** Behind the end of a PDF readers pass over a comment. */
const markPdf: Mark = (content, mark) => Buffer.concat([content, Buffer.from('\n% '), mark, Buffer.from('\n')]);

const KINDS: Readonly<Record<string, { readonly clean: Clean; readonly mark: Mark }>> = {
  'image/jpeg': { clean: cleanJpeg, mark: markJpeg },
  'image/png': { clean: cleanPng, mark: markPng },
  'image/webp': { clean: cleanWebp, mark: markWebp },
  'image/heic': { clean: cleanHeic, mark: markHeic },
  'application/pdf': { clean: asItIs, mark: markPdf },
};

const MARK_MAX = 2_000;

/**
 * A photo without what camera, phone and programs wrote into it: place, time, device, owner, thumbnails of before it was cut, whatever lies
 * behind its end. Which way up it is shown, colours and animation stay. One that cannot be read to its end stays as it came, if none of the names is in it
 * under which pictures tell more than they show; else null, as for a kind of file that nobody knows and for one of more parts than a picture has.
 */
export const withoutMetadata = (content: Buffer, mediaType: string): Buffer | null => {
  const kind = KINDS[mediaType];
  if (kind === undefined) return null;
  return unlessTooMany(() => kind.clean(content) ?? (tells(content) ? null : content), null);
};

const unlessTooMany = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof TooManyParts) return otherwise;
    throw error;
  }
};

/** Under these names formats and programs keep what is no picture: Exif (also a segment for it in a JPEG), XMP, IPTC, texts of PNG, a film's own. */
const METADATA_NAMES = [
  'exif',
  'xmp',
  'xpacket',
  'ns.adobe.com',
  'photoshop',
  '8bim',
  'gps',
  'text',
  'ztxt',
  'itxt',
  'tiff',
  'ii*\0',
  'mm\0*',
  'moov',
];
const JPEG_EXIF = '\xff\xe1';

const tells = (content: Buffer): boolean => {
  const text = content.toString('latin1');
  const lowered = text.toLowerCase(); // of ASCII alone: other letters of latin1 come from none of it
  return text.includes(JPEG_EXIF) || METADATA_NAMES.some((name) => lowered.includes(name));
};

/** The file with a line of text in it that says for whom it was made and when: it is shown by whatever shows a file's comment, not in the picture. */
export const marked = (content: Buffer, mediaType: string, mark: string): Buffer => {
  const line = Buffer.from(mark.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').slice(0, MARK_MAX), 'utf8');
  return unlessTooMany(() => KINDS[mediaType]?.mark(content, line) ?? content, content);
};
