/** Which way up a picture is meant to be shown, 1 to 8; 1 is as it lies. It is the one thing of EXIF that says nothing of place, time or device. */
export type Orientation = number;

const UPRIGHT = 1;
const TAG = 0x0112;
const ENTRIES_MAX = 1_000;

/** Out of a TIFF block as EXIF holds it. 1 for whatever cannot be read. */
export const orientationIn = (tiff: Buffer): Orientation => {
  const isLittle = tiff.subarray(0, 2).toString('latin1') === 'II';
  if (tiff.length < 8 || (!isLittle && tiff.subarray(0, 2).toString('latin1') !== 'MM')) return UPRIGHT;
  const u16 = (at: number): number => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = 0; entry < Math.min(u16(first), ENTRIES_MAX); entry += 1) {
    const at = first + 2 + entry * 12;
    if (u16(at) !== TAG) continue;
    const value = u16(at + 8);
    return value >= 1 && value <= 8 ? value : UPRIGHT;
  }
  return UPRIGHT;
};

/** A TIFF block that says this and nothing else; null for a picture that lies as it is shown. */
export const orientationOnly = (orientation: Orientation): Buffer | null => {
  if (orientation === UPRIGHT) return null;
  const tiff = Buffer.alloc(26);
  tiff.write('MM', 'latin1');
  tiff.writeUInt16BE(42, 2);
  tiff.writeUInt32BE(8, 4); // one directory, right behind this
  tiff.writeUInt16BE(1, 8); // of one entry
  tiff.writeUInt16BE(TAG, 10);
  tiff.writeUInt16BE(3, 12); // a short,
  tiff.writeUInt32BE(1, 14); // one
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
};
