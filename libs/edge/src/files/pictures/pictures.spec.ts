import { describe, expect, it } from '@jest/globals';
import { crc32 } from 'node:zlib';
import { orientationIn } from './exif';
import { marked, withoutMetadata } from './pictures';

/** EXIF of a phone: a device, a place, a time; `orientation` 6 is a photo taken upright. */
const exifOf = (orientation: number): Buffer => {
  const words = Buffer.from('HUAWEI P60\0N31.2304 E121.4737\x002024:07:01 08:00:00\0', 'latin1');
  const tiff = Buffer.alloc(26);
  tiff.write('II', 'latin1');
  tiff.writeUInt16LE(42, 2);
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x0112, 10);
  tiff.writeUInt16LE(3, 12);
  tiff.writeUInt32LE(1, 14);
  tiff.writeUInt16LE(orientation, 18);
  return Buffer.concat([tiff, words]);
};
const TELLING = /HUAWEI|31\.2304|2024:07|xmpmeta|Zhang|thumb/;

const segment = (marker: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content as string, 'latin1');
  return Buffer.concat([Buffer.from([0xff, marker, (bytes.length + 2) >> 8, (bytes.length + 2) & 255]), bytes]);
};
const JFIF = segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0');
const SCAN = Buffer.concat([segment(0xda, '\x01\x01\0\0\x3f\0'), Buffer.from([0x11, 0xff, 0x00, 0x22, 0xff, 0xd0, 0x33])]);
const TABLE = segment(0xdb, 'a table');
const ICC = segment(0xe2, 'ICC_PROFILE\0\x01\x01colours');
const jpegOf = (orientation: number): Buffer =>
  Buffer.concat([
    ...[Buffer.from([0xff, 0xd8]), JFIF, segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifOf(orientation)]))],
    ...[segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>'), segment(0xe2, 'MPF\0thumb'), segment(0xed, 'Photoshop Zhang'), ICC],
    ...[
      segment(0xfe, 'Zhang San'),
      segment(0xf0, 'Zhang Si, of an extension'),
      TABLE,
      SCAN,
      SCAN,
      Buffer.from([0xff, 0xd9]),
      Buffer.from('a film behind its end, HUAWEI'),
    ],
  ]);

const chunk = (type: string, data: Buffer | string): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data as string, 'latin1')]);
  const [head, tail] = [Buffer.alloc(4), Buffer.alloc(4)];
  head.writeUInt32BE(body.length - 4);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
};
const pngOf = (orientation: number): Buffer =>
  Buffer.concat([
    ...[Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', '\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0'), chunk('eXIf', exifOf(orientation))],
    ...[chunk('tEXt', 'Author\0Zhang San'), chunk('iTXt', 'XML:com.adobe.xmp\0\0\0\0\0xmpmeta'), chunk('tIME', '2024:07'), chunk('prVt', 'HUAWEI')],
    ...[chunk('pHYs', '\0\0\0\x01\0\0\0\x01\0'), chunk('IDAT', 'pixels'), chunk('IEND', ''), Buffer.from('HUAWEI behind its end')],
  ]);

const riff = (type: string, data: Buffer | string): Buffer => {
  const bytes = Buffer.from(data as string, 'latin1');
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes, Buffer.alloc(bytes.length % 2)]);
};
const webpOf = (orientation: number): Buffer =>
  riff(
    'RIFF',
    Buffer.concat([
      ...[Buffer.from('WEBP', 'latin1'), riff('VP8X', '\x0c\0\0\0\0\0\0\0\0\0'), riff('VP8L', 'pixels!')],
      ...[riff('EXIF', exifOf(orientation)), riff('XMP ', 'xmpmeta'), riff('JUNK', 'Zhang San')],
    ]),
  );

const box = (type: string, ...content: readonly Buffer[]): Buffer => {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), ...content]);
  bytes.writeUInt32BE(bytes.length);
  return bytes;
};
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const u32 = (value: number): Buffer => Buffer.concat([u16(value >> 16), u16(value & 0xffff)]);
const NONE = u32(0);
const infe = (id: number, type: string): Buffer =>
  box('infe', Buffer.from([2, 0, 0, 0]), u16(id), u16(0), Buffer.from(type, 'latin1'), Buffer.from('\0', 'latin1'));
/** A picture, its EXIF in the file, its XMP beside it in `idat`; what is said of no item lies behind them. */
const heic = (exifLength = exifOf(6).length): Buffer => {
  const xmp = Buffer.from('xmpmeta', 'latin1');
  const metaOf = (at: number): Buffer =>
    box(
      'meta',
      ...[NONE, box('iinf', NONE, u16(3), infe(1, 'hvc1'), infe(2, 'Exif'), infe(3, 'mime')), box('idat', xmp)],
      box(
        'iloc',
        ...[Buffer.from([1, 0, 0, 0, 0x44, 0x40]), u16(3)],
        ...[u16(1), u16(0), u16(0), u32(at), u16(1), u32(0), u32(6)],
        ...[u16(2), u16(0), u16(0), u32(at), u16(1), u32(6), u32(exifLength)],
        ...[u16(3), u16(1), u16(0), u32(0), u16(1), u32(0), u32(xmp.length)],
      ),
    );
  const ftyp = box('ftyp', Buffer.from('heic\0\0\0\0heicmif1', 'latin1'));
  const at = ftyp.length + metaOf(0).length + 8;
  return Buffer.concat([
    ftyp,
    metaOf(at),
    box('mdat', Buffer.from('pixels', 'latin1'), exifOf(6), Buffer.from('HUAWEI of no item', 'latin1')),
    box('uuid', Buffer.from('0123456789abcdefZhang')),
  ]);
};

/** Pictures one after another: their track, what is said of it, and when it was made. */
const sequence = (handler: string): Buffer => {
  const dated = (type: string): Buffer => box(type, NONE, Buffer.from('2024:07:', 'latin1'), Buffer.from('rest', 'latin1'));
  const track = box('trak', dated('tkhd'), box('mdia', dated('mdhd'), box('hdlr', NONE, NONE, Buffer.from(handler, 'latin1'))));
  const told = [box('udta', Buffer.from('HUAWEI')), box('meta', NONE, Buffer.from('xmpmeta'))];
  return Buffer.concat([
    box('ftyp', Buffer.from('msf1\0\0\0\0msf1hevc', 'latin1')),
    box('moov', dated('mvhd'), track, ...told),
    box('mdat', Buffer.from('pixels')),
  ]);
};

const PICTURES: readonly (readonly [string, Buffer])[] = [
  ['image/jpeg', jpegOf(1)],
  ['image/jpeg', jpegOf(6)],
  ['image/png', pngOf(6)],
  ['image/webp', webpOf(6)],
  ['image/heic', heic()],
  ['image/heic', sequence('pict')],
];

describe('a photo', () => {
  it.each(PICTURES)('%s loses place, time, device, owner and what lies behind its end', (mediaType, content) => {
    const clean = withoutMetadata(content, mediaType);
    expect(content.toString('latin1')).toMatch(TELLING);
    expect(clean?.toString('latin1')).not.toMatch(TELLING);
    expect(withoutMetadata(clean ?? content, mediaType)).toEqual(clean);
  });

  it('keeps its picture, its colours and the way up it is shown', () => {
    const jpeg = withoutMetadata(jpegOf(6), 'image/jpeg') as Buffer;
    for (const part of [JFIF, ICC, TABLE, SCAN]) expect(jpeg.includes(part)).toBe(true);
    expect(orientationIn(jpeg.subarray(jpeg.indexOf('Exif\0\0', 0, 'latin1') + 6))).toBe(6);
    expect(withoutMetadata(jpegOf(1), 'image/jpeg')?.includes('Exif')).toBe(false);
    const png = withoutMetadata(pngOf(6), 'image/png') as Buffer;
    expect(['IHDR', 'pHYs', 'IDAT', 'eXIf', 'IEND'].map((name) => png.includes(name))).toEqual([true, true, true, true, true]);
    const webp = withoutMetadata(webpOf(1), 'image/webp') as Buffer;
    expect([webp.readUInt32LE(4) + 8, webp[20], webp.includes('pixels!'), webp.includes('EXIF')]).toEqual([webp.length, 0, true, false]);
    expect(withoutMetadata(heic(), 'image/heic')?.includes('pixels')).toBe(true);
    expect(withoutMetadata(sequence('pict'), 'image/heic')?.includes('pixels')).toBe(true);
  });

  it.each(PICTURES)('%s that breaks off anywhere is refused, or tells nothing', (mediaType, content) => {
    for (let length = 2; length < content.length; length += 1)
      expect(withoutMetadata(content.subarray(0, length), mediaType)?.toString('latin1') ?? '').not.toMatch(TELLING);
  });

  it('is refused when what it holds cannot be known', () => {
    expect(withoutMetadata(Buffer.concat([heic(), box('moov', Buffer.from('HUAWEI'))]), 'image/heic')).toBeNull();
    expect(withoutMetadata(heic(0), 'image/heic')).toBeNull(); // all that there is, the picture too
    const nothingSaid = Buffer.concat([box('ftyp', Buffer.from('heic\0\0\0\0mif1', 'latin1')), box('mdat', exifOf(6))]);
    expect(withoutMetadata(nothingSaid, 'image/heic')).toBeNull();
    for (const film of ['vide', 'meta']) expect(withoutMetadata(sequence(film), 'image/heic')).toBeNull();
    expect(withoutMetadata(Buffer.from('ffd8ffe1ffff', 'hex'), 'image/jpeg')).toBeNull();
    expect(withoutMetadata(Buffer.from('GIF89a'), 'image/gif')).toBeNull();
  });
});

describe('a download', () => {
  it.each([...PICTURES, ['application/pdf', Buffer.from('%PDF-1.7\n%%EOF')] as const])(
    '%s says for whom it was made and when',
    (mediaType, content) => {
      const clean = withoutMetadata(content, mediaType) as Buffer;
      const out = marked(clean, mediaType, '契约: d-1 2024-07-01T08:00:00.000+08:00\n');
      expect(out.includes(Buffer.from('契约: d-1 2024-07-01T08:00:00.000+08:00', 'utf8'))).toBe(true);
      expect(withoutMetadata(out, mediaType) === null).toBe(false); // still one of its kind
    },
  );

  it('cannot be read to its end: it stays as it came when nothing in it could tell anything, and is refused otherwise', () => {
    const cut = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 1, 2, 3]);
    expect(withoutMetadata(cut, 'image/jpeg')).toEqual(cut);
    expect(withoutMetadata(Buffer.concat([cut, Buffer.from('Exif\0\0II*\0', 'latin1')]), 'image/jpeg')).toBeNull();
    expect(withoutMetadata(cut, 'image/unknown')).toBeNull();
  });
});

describe('a picture of more parts than any has', () => {
  const EMPTY = 10_001;
  const many = (part: Buffer): Buffer => Buffer.alloc(part.length * EMPTY, part);
  const nested = (depth: number): Buffer => (depth === 0 ? box('trak', '') : box('trak', nested(depth - 1)));
  const box = (type: string, content: Buffer | string): Buffer => {
    const bytes = Buffer.from(content as string, 'latin1');
    const head = Buffer.alloc(8);
    head.writeUInt32BE(bytes.length + 8);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, bytes]);
  };
  /** 200 items with 60,000 places of no bytes each. */
  const places = (): Buffer => {
    const item = Buffer.from([0, 1, 0, 0, 0xea, 0x60]);
    return Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 200]), Buffer.alloc(item.length * 200, item)]);
  };
  const PICTURES: Readonly<Record<string, readonly [mediaType: string, content: Buffer]>> = {
    'chunks of a WebP': ['image/webp', riff('RIFF', Buffer.concat([Buffer.from('WEBPVP8 \0\0\0\0', 'latin1'), many(riff('ANMF', ''))]))],
    'chunks of a PNG': [
      'image/png',
      Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', '\0'.repeat(13)), many(chunk('IDAT', '')), chunk('IEND', '')]),
    ],
    'segments of a JPEG': ['image/jpeg', Buffer.concat([Buffer.from([0xff, 0xd8]), many(segment(0xdb, '')), Buffer.from([0xff, 0xd9])])],
    'boxes of a HEIC': ['image/heic', Buffer.concat([box('ftyp', 'heic'), many(box('free', ''))])],
    'boxes within boxes of a HEIC': ['image/heic', Buffer.concat([box('ftyp', 'heic'), box('moov', nested(1_000))])],
    'places of no bytes in a HEIC': [
      'image/heic',
      Buffer.concat([box('ftyp', 'heic'), box('meta', Buffer.concat([Buffer.alloc(4), box('iinf', '\0\0\0\0\0\0'), box('iloc', places())]))]),
    ],
  };

  it.each(Object.keys(PICTURES))('is refused before it is read to its end, and handed out as it is if it was taken: %s', (name) => {
    const [mediaType, content] = PICTURES[name] as (typeof PICTURES)[string];
    expect(withoutMetadata(content, mediaType)).toBeNull();
    expect(marked(content, mediaType, 'for the clerk').includes(content)).toBe(true);
  });
});
