import type { Sharp } from 'sharp';

/** A red half over a blue one, as grained as a photo, so that it has as many bytes. */
export const scene = async (width: number, height: number): Promise<Sharp> => {
  const { default: sharp } = await import('sharp'); // only where pictures are made: most tests make none
  const [across, down] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const pixels = Buffer.alloc(across * down * 3);
  let random = 1;
  for (let at = 0; at < across * down; at += 1) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    const grain = random >>> 26;
    pixels.writeUIntBE(at < (across * down) / 2 ? 0xa00000 + grain * 0x10100 : 0x0000a0 + grain * 0x101, at * 3, 3);
  }
  return sharp(pixels, { raw: { width: across, height: down, channels: 3 } }).resize(width, height);
};

/** As a phone that is held upright writes it: lying on its side (EXIF's orientation 6), with the phone's name and the place, 35°36′ north. */
export const phonePhoto = async (width: number, height: number): Promise<Buffer> =>
  (await scene(width, height))
    .withExif({ IFD0: { Make: 'HUAWEI' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '35/1 36/1 15/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 90 })
    .toBuffer();

/** Pixels as a picture's own header says them, before any turning: read apart from the library that makes pictures smaller. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Of a JPEG, a PNG or a lossy WebP. Throws for anything else. */
export const pictureSizeOf = (content: Buffer): PictureSize => {
  if (content.readUInt16BE(0) === 0xffd8) return frameOf(content);
  if (content.toString('latin1', 1, 4) === 'PNG') return { width: content.readUInt32BE(16), height: content.readUInt32BE(20) };
  const vp8 = content.indexOf('VP8 ', 12, 'latin1') + 8;
  if (content.toString('latin1', 8, 12) !== 'WEBP' || vp8 < 20) throw new Error('no picture whose size is known');
  return { width: content.readUInt16LE(vp8 + 6) & 0x3fff, height: content.readUInt16LE(vp8 + 8) & 0x3fff };
};

/** Its start of frame (ITU T.81, B.2.2), whatever its kind of coding; c4, c8 and cc are no frames. */
const frameOf = (jpeg: Buffer): PictureSize => {
  for (let at = 2; at + 9 < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg.readUInt8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { width: jpeg.readUInt16BE(at + 7), height: jpeg.readUInt16BE(at + 5) };
  }
  throw new Error('a JPEG without a frame');
};
