import { orientationIn, orientationOnly } from './exif';
import { Parts } from './parts';

/** What a picture needs to be shown as it was meant (RFC 9649). */
const NEEDED: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const PICTURE: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'ANMF']);
const [HAS_EXIF, HAS_XMP] = [0x08, 0x04];

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** Throws `TooManyParts`. */
const chunksOf = (webp: Buffer): readonly Chunk[] | null => {
  const chunks: Chunk[] = [];
  if (webp.length < 12 || webp.subarray(0, 4).toString('latin1') !== 'RIFF' || webp.subarray(8, 12).toString('latin1') !== 'WEBP') return null;
  const parts = new Parts();
  const end = 8 + webp.readUInt32LE(4);
  if (end > webp.length) return null;
  for (let at = 12; at + 8 <= end;) {
    const length = webp.readUInt32LE(at + 4);
    if (at + 8 + length > end) return null;
    parts.one();
    chunks.push({ type: webp.subarray(at, at + 4).toString('latin1'), data: webp.subarray(at + 8, at + 8 + length) });
    at += 8 + length + (length % 2);
  }
  return chunks.some(({ type }) => PICTURE.has(type)) ? chunks : null;
};

const joined = (chunks: readonly Chunk[]): Buffer => {
  const parts = chunks.flatMap(({ type, data }) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return [head, data, Buffer.alloc(data.length % 2)];
  });
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...parts]);
  const head = Buffer.alloc(8);
  head.write('RIFF', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
};

/** Its flags say which kinds of metadata there are. */
const withFlags = ({ type, data }: Chunk, hasExif: boolean): Chunk => {
  if (type !== 'VP8X' || data.length === 0) return { type, data };
  const changed = Buffer.from(data);
  changed[0] = ((data[0] ?? 0) & ~(HAS_EXIF | HAS_XMP)) | (hasExif ? HAS_EXIF : 0);
  return { type, data: changed };
};

const tiffIn = (exif: Buffer): Buffer => (exif.subarray(0, 6).toString('latin1') === 'Exif\0\0' ? exif.subarray(6) : exif);

export const cleanWebp = (webp: Buffer): Buffer | null => {
  const chunks = chunksOf(webp);
  if (chunks === null) return null;
  const exif = chunks.find(({ type }) => type === 'EXIF');
  const orientation = exif === undefined ? null : orientationOnly(orientationIn(tiffIn(exif.data)));
  const kept = chunks.filter(({ type }) => NEEDED.has(type)).map((chunk) => withFlags(chunk, orientation !== null));
  return joined(orientation === null ? kept : [...kept, { type: 'EXIF', data: orientation }]);
};

/** `mark` as a chunk of a kind of its own at the end, which readers pass over. */
export const markWebp = (webp: Buffer, mark: Buffer): Buffer => {
  const chunks = chunksOf(webp);
  return chunks === null ? webp : joined([...chunks, { type: 'QIYU', data: mark }]);
};
