import { orientationIn, orientationOnly } from './exif';
import { Parts } from './parts';

const [SOI, EOI, SOS, APP0, APP1, APP2, APP14, APP15, COM] = [0xd8, 0xd9, 0xda, 0xe0, 0xe1, 0xe2, 0xee, 0xef, 0xfe];
const EXIF = Buffer.from('Exif\0\0', 'latin1');

interface Segment {
  readonly marker: number;
  /** From its marker on; of a scan with the picture's data behind it. */
  readonly bytes: Buffer;
}

/** What is there of a JPEG (ITU T.81, B.1) up to its end; null when it cannot be read so far. Whatever lies behind its end is left out. Throws `TooManyParts`. */
const segmentsOf = (jpeg: Buffer): readonly Segment[] | null => {
  const segments: Segment[] = [];
  const parts = new Parts();
  let at = 2;
  if (jpeg[0] !== 0xff || jpeg[1] !== SOI) return null;
  while (at < jpeg.length) {
    if (jpeg[at] !== 0xff) return null;
    while (jpeg[at + 1] === 0xff) at += 1; // filling
    const marker = jpeg[at + 1];
    if (marker === undefined || marker === EOI) break;
    const length = at + 4 <= jpeg.length ? jpeg.readUInt16BE(at + 2) : 0;
    if (marker < 0xc0 || length < 2 || at + 2 + length > jpeg.length) return null;
    const end = marker === SOS ? endOfScan(jpeg, at + 2 + length) : at + 2 + length;
    parts.one();
    segments.push({ marker, bytes: jpeg.subarray(at, end) });
    at = end;
  }
  return segments;
};

/** Where the next marker stands: within data 0xff is followed by 0, or by the marker of a restart. */
const endOfScan = (jpeg: Buffer, from: number): number => {
  for (let at = from; at + 1 < jpeg.length; at += 1) {
    if (jpeg[at] !== 0xff) continue;
    const next = jpeg[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return jpeg.length;
};

const begins = ({ bytes }: Segment, with_: string): boolean => bytes.subarray(4, 4 + with_.length).toString('latin1') === with_;

/** What a picture needs to be shown as it was meant: nothing else of what programs and cameras add may stay. */
const isNeeded = (segment: Segment): boolean => {
  const { marker } = segment;
  if (marker < APP0) return true;
  if (marker > APP15) return false; // of extensions that nobody has, and comments
  if (marker === APP0) return begins(segment, 'JFIF\0');
  if (marker === APP2) return begins(segment, 'ICC_PROFILE\0');
  return marker === APP14 && begins(segment, 'Adobe');
};

const orientationOf = (segments: readonly Segment[]): Buffer | null => {
  const exif = segments.find((segment) => segment.marker === APP1 && begins(segment, 'Exif\0\0'));
  return exif === undefined ? null : orientationOnly(orientationIn(exif.bytes.subarray(4 + EXIF.length)));
};

const segment = (marker: number, content: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
};

const joined = (segments: readonly Segment[], added: readonly Buffer[]): Buffer => {
  const header = segments.filter(({ marker }) => marker === APP0).map(({ bytes }) => bytes); // JFIF wants to be the first
  const rest = segments.filter(({ marker }) => marker !== APP0).map(({ bytes }) => bytes);
  return Buffer.concat([Buffer.from([0xff, SOI]), ...header, ...added, ...rest, Buffer.from([0xff, EOI])]);
};

export const cleanJpeg = (jpeg: Buffer): Buffer | null => {
  const segments = segmentsOf(jpeg);
  if (segments === null) return null;
  const orientation = orientationOf(segments);
  return joined(segments.filter(isNeeded), orientation === null ? [] : [segment(APP1, Buffer.concat([EXIF, orientation]))]);
};

/** `mark` as its comment. */
export const markJpeg = (jpeg: Buffer, mark: Buffer): Buffer => {
  const segments = segmentsOf(jpeg);
  return segments === null ? jpeg : joined(segments, [segment(COM, mark)]);
};
