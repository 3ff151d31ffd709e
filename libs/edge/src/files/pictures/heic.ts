/*
 * HEIF (ISO/IEC 23008-12) in boxes (ISO/IEC 14496-12). What is said of a picture lies in items beside it, of the types `Exif` and `mime`
 * (XMP), named by `iinf` and found by `iloc`: their bytes are overwritten where they lie, so that no place of anything else moves, and so
 * is whatever belongs to no item. Which way up the picture is shown is a property (`irot`, `imir`) and stays.
 */

import { Parts } from './parts';

interface Box {
  readonly type: string;
  /** Where its content begins and ends in the file. */
  readonly from: number;
  readonly to: number;
}
interface Extent {
  readonly at: number;
  readonly length: number;
}
interface Located {
  readonly id: number;
  /** 0: in the file; 1: in `idat`. */
  readonly method: number;
  readonly extents: readonly Extent[];
}

/** Of the file and of `meta`; whatever else there is could hold what nobody looked for. */
const KNOWN: ReadonlySet<string> = new Set(['ftyp', 'meta', 'moov', 'mdat', 'free', 'skip', 'wide', 'uuid']);
const OVERWRITTEN: ReadonlySet<string> = new Set(['free', 'skip', 'wide', 'uuid']);
const TELLING: ReadonlySet<string> = new Set(['Exif', 'mime', 'uri ']);
/** Of a sequence: what holds further boxes, what says when it was made, and what its tracks may be of. */
const HOLDING: ReadonlySet<string> = new Set(['trak', 'mdia', 'minf', 'stbl', 'edts', 'dinf']);
const DATED: ReadonlySet<string> = new Set(['mvhd', 'tkhd', 'mdhd']);
const PICTURES: ReadonlySet<string> = new Set(['pict', 'auxv']);
/** Boxes within boxes. */
const DEPTH_MAX = 16;

class Broken extends Error {}

const boxesIn = (file: Buffer, from: number, to: number, parts: Parts): readonly Box[] => {
  const boxes: Box[] = [];
  for (let at = from; at < to;) {
    if (at + 8 > to) throw new Broken();
    parts.one();
    const short = file.readUInt32BE(at);
    const isLong = short === 1;
    if (isLong && at + 16 > to) throw new Broken();
    const size = short === 0 ? to - at : isLong ? Number(file.readBigUInt64BE(at + 8)) : short;
    const head = isLong ? 16 : 8;
    if (size < head || at + size > to) throw new Broken();
    boxes.push({ type: file.subarray(at + 4, at + 8).toString('latin1'), from: at + head, to: at + size });
    at += size;
  }
  return boxes;
};

/** Reads numbers of any width, one after another. */
const readerOf = (file: Buffer, { from, to }: Pick<Box, 'from' | 'to'>) => {
  let at = from;
  return (bytes: number): number => {
    if (at + bytes > to) throw new Broken();
    const value = bytes === 0 ? 0 : bytes === 8 ? Number(file.readBigUInt64BE(at)) : file.readUIntBE(at, bytes);
    at += bytes;
    return value;
  };
};

/** Every item by its id: whether it says something of the picture. */
const itemsIn = (file: Buffer, iinf: Box, parts: Parts): ReadonlyMap<number, boolean> => {
  const version = file[iinf.from] ?? 0;
  const items = new Map<number, boolean>();
  for (const { type, from, to } of boxesIn(file, iinf.from + 4 + (version === 0 ? 2 : 4), iinf.to, parts)) {
    if (type !== 'infe') continue;
    const read = readerOf(file, { from, to });
    const itemVersion = read(1);
    read(3);
    if (itemVersion < 2) throw new Broken();
    const id = read(itemVersion === 2 ? 2 : 4);
    read(2);
    const kind = Buffer.from([read(1), read(1), read(1), read(1)]).toString('latin1');
    items.set(id, TELLING.has(kind) || items.get(id) === true);
  }
  return items;
};

const locatedIn = (file: Buffer, iloc: Box, parts: Parts): readonly Located[] => {
  const read = readerOf(file, iloc);
  const version = read(1);
  read(3);
  if (version > 2) throw new Broken();
  const [sizes, more] = [read(1), read(1)];
  const [offsetSize, lengthSize, baseSize, indexSize] = [sizes >> 4, sizes & 15, more >> 4, version === 0 ? 0 : more & 15];
  if ([offsetSize, lengthSize, baseSize, indexSize].some((size) => ![0, 4, 8].includes(size))) throw new Broken();
  const count = read(version < 2 ? 2 : 4);
  return Array.from({ length: count }, () => {
    parts.one();
    const id = read(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : read(2) & 15;
    read(2); // in this file
    const base = read(baseSize);
    const extents = Array.from({ length: read(2) }, () => {
      parts.one(); // one of no bytes at all counts too
      read(indexSize);
      return { at: base + read(offsetSize), length: read(lengthSize) };
    });
    return { id, method, extents };
  });
};

const overwrite = (file: Buffer, from: number, to: number): void => {
  if (from < 0 || to > file.length || from > to) throw new Broken();
  file.fill(0, from, to);
};

/** Null when it cannot be read to its end: then nobody knows what it tells. Throws `TooManyParts`. */
export const cleanHeic = (heic: Buffer): Buffer | null => {
  try {
    const file = Buffer.from(heic);
    const parts = new Parts();
    const top = boxesIn(file, 0, file.length, parts);
    const meta = top.find(({ type }) => type === 'meta');
    const isSequence = top.some(({ type }) => type === 'moov');
    if (top.some(({ type }) => !KNOWN.has(type)) || (meta === undefined && !isSequence)) return null;
    for (const { type, from, to } of top) if (OVERWRITTEN.has(type)) overwrite(file, from, to);
    for (const { type, from, to } of top) if (type === 'moov') cleanSequence(file, { from, to }, parts);
    if (meta === undefined) return file;
    const free = isSequence ? [] : top.filter(({ type }) => type === 'mdat'); // what samples take is said elsewhere
    return cleanMeta(file, meta, free, parts) ? file : null;
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
};

/** A sequence of pictures without what is said of it, and without when it was made. Throws `Broken` when a track is of anything else. */
const cleanSequence = (file: Buffer, { from, to }: Span, parts: Parts, depth = 0): void => {
  if (depth > DEPTH_MAX) throw new Broken();
  for (const box of boxesIn(file, from, to, parts)) {
    if (HOLDING.has(box.type)) cleanSequence(file, box, parts, depth + 1);
    else if (box.type === 'udta' || box.type === 'meta' || OVERWRITTEN.has(box.type)) overwrite(file, box.from, box.to);
    else if (DATED.has(box.type)) overwrite(file, box.from + 4, box.from + 4 + (file[box.from] === 1 ? 16 : 8));
    else if (box.type === 'hdlr' && !PICTURES.has(file.toString('latin1', box.from + 8, box.from + 12))) throw new Broken();
  }
};

/** False when it does not say where everything lies. `media`: where nothing is but items. */
const cleanMeta = (file: Buffer, meta: Box, media: readonly Box[], parts: Parts): boolean => {
  const boxes = boxesIn(file, meta.from + 4, meta.to, parts);
  const [iinf, iloc, idat] = ['iinf', 'iloc', 'idat'].map((name) => boxes.find(({ type }) => type === name));
  if (iinf === undefined || iloc === undefined) return false;
  const items = itemsIn(file, iinf, parts);
  const [told, pictures]: [Span[], Span[]] = [[], []];
  for (const { id, method, extents } of locatedIn(file, iloc, parts)) {
    const start = method === 0 ? 0 : method === 1 && idat !== undefined ? idat.from : null;
    const tells = items.get(id);
    if (start === null && tells === true) return false;
    if (start === null || tells === undefined) continue; // made of other items, or of none
    (tells ? told : pictures).push(...extents.map(({ at, length }) => spanOf(start + at, length)));
  }
  for (const { from, to } of merged(told)) overwrite(file, from, to);
  for (const box of [...media, ...(idat === undefined ? [] : [idat])]) overwriteBetween(file, box, pictures);
  for (const { type, from, to } of boxes) if (OVERWRITTEN.has(type)) overwrite(file, from, to);
  return true;
};

type Span = Pick<Box, 'from' | 'to'>;

/** Throws `Broken` for a length of 0, which means all that there is: then what is told and what is shown are not apart. */
const spanOf = (from: number, length: number): Span => {
  if (length === 0) throw new Broken();
  return { from, to: from + length };
};

/** The same bytes, each in one span: however often items name them, they are written once. */
const merged = (spans: readonly Span[]): readonly Span[] => {
  const apart: Span[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last !== undefined && from <= last.to) apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else apart.push({ from, to });
  }
  return apart;
};

/** Whatever lies in the box and in none of what is kept. */
const overwriteBetween = (file: Buffer, { from, to }: Span, kept: readonly Span[]): void => {
  let at = from;
  for (const span of [...kept].sort((a, b) => a.from - b.from)) {
    if (span.from > at) overwrite(file, at, Math.min(span.from, to));
    at = Math.max(at, span.to);
    if (at >= to) return;
  }
  overwrite(file, at, to);
};

/** `mark` in a box at the end, which readers pass over. */
export const markHeic = (heic: Buffer, mark: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(mark.length + 8, 0);
  head.write('free', 4, 'latin1');
  return Buffer.concat([heic, head, mark]);
};
