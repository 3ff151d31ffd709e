import { fork } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflate } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withoutMetadata } from '@qiyue/edge';
import { eventually, phonePhoto, pictureSizeOf, scene } from '@qiyue/testkit';
import sharp from 'sharp';
import { fileTypeOf } from './file-content';
import { PictureShrinker, type PictureOutcome, type PictureShrinkerOptions } from './picture-shrinker';

const DECODER = resolve(__dirname, '../../bin/picture-decoder.mjs');
const [RED, BLUE] = ['#d02020', '#2020d0'];
/** Of a machine that has other work to do; what is bounded is asserted by what became of the picture. */
const PATIENCE = { decodedWithinMs: 60_000, turnWithinMs: 60_000 };

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
};

interface Bomb {
  readonly side: number;
  readonly bitDepth: number;
  readonly colourType: number;
  readonly interlaced: number;
  /** Of the picture as it is unpacked. */
  readonly bytes: number;
}

/** A PNG of a few hundred kilobytes whose picture, all zeros, needs so much more. */
const bomb = async ({ side, bitDepth, colourType, interlaced, bytes }: Bomb): Promise<Buffer> => {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, bitDepth, colourType, 0, 0, interlaced]);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  const packed: Buffer[] = [];
  const zeros = Buffer.alloc(1_000_000);
  const deflate = createDeflate({ level: 1 });
  deflate.on('data', (part: Buffer) => packed.push(part));
  await pipeline(function* () {
    for (let left = bytes; left > 0; left -= zeros.length) yield zeros.subarray(0, Math.min(left, zeros.length));
  }, deflate);
  const data = chunk('IDAT', Buffer.concat(packed));
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), data, chunk('IEND', Buffer.alloc(0))]);
};

describe('a picture, made smaller in a process of its own', () => {
  const outcomes: PictureOutcome[] = [];
  const warnings: unknown[] = [];
  const open: PictureShrinker[] = [];
  let photo: Buffer;
  let folder: string;
  beforeAll(async () => {
    photo = await phonePhoto(4_000, 3_000);
    folder = await mkdtemp(join(tmpdir(), 'qiyue-decoder-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const shrinker = (options: Partial<PictureShrinkerOptions> = {}): PictureShrinker => {
    const log = { warn: (...args: readonly unknown[]) => void warnings.push(args) };
    const made = new PictureShrinker({ log: log as never, count: (outcome) => outcomes.push(outcome), ...PATIENCE, ...options });
    open.push(made);
    return made;
  };
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
    outcomes.length = 0;
    warnings.length = 0;
  });

  it('of a phone is upright, at most 1,920 pixels long, smaller, and tells nothing', async () => {
    expect(photo.toString('latin1')).toMatch(/Exif[\s\S]*HUAWEI/);
    const clean = withoutMetadata(photo, 'image/jpeg') as Buffer;
    const smaller = (await shrinker().shrink(clean, 'image/jpeg')) as Buffer;
    expect([outcomes, await fileTypeOf(smaller), pictureSizeOf(smaller)]).toEqual([['shrunk'], 'image/jpeg', { width: 1_440, height: 1_920 }]);
    expect(smaller.length).toBeLessThan(clean.length / 2);
    expect(smaller.toString('latin1')).not.toMatch(/Exif|HUAWEI|ICC_PROFILE/);
    expect(withoutMetadata(smaller, 'image/jpeg')?.equals(smaller)).toBe(true);
    // Orientation 6: what lies on top is shown on the right.
    const { data, info } = await sharp(smaller).raw().toBuffer({ resolveWithObject: true });
    const at = (x: number): readonly number[] => [
      ...data.subarray((960 * info.width + x) * info.channels, (960 * info.width + x) * info.channels + 3),
    ];
    expect([(at(1_200)[0] ?? 0) > (at(1_200)[2] ?? 0), (at(240)[2] ?? 0) > (at(240)[0] ?? 0)]).toEqual([true, true]);
  });

  it.each([
    ['image/png', { width: 1_920, height: 960 }, async () => (await scene(3_000, 1_500)).png().toBuffer()],
    ['image/webp', { width: 960, height: 1_920 }, async () => (await scene(1_500, 3_000)).webp().toBuffer()],
    ['image/jpeg', { width: 1_900, height: 1_900 }, async () => (await scene(1_900, 1_900)).jpeg({ quality: 100 }).toBuffer()], // small enough, but heavy
  ] as const)('stays %s and becomes %j', async (mediaType, size, made) => {
    const content = await made();
    const smaller = (await shrinker().shrink(content, mediaType)) as Buffer;
    expect([outcomes, await fileTypeOf(smaller), pictureSizeOf(smaller)]).toEqual([['shrunk'], mediaType, size]);
    expect(smaller.length).toBeLessThan(content.length);
  });

  it('is kept as it came when it is small already, moves, or is nothing that can be decoded', async () => {
    const frames = await Promise.all(
      [RED, BLUE].map((colour) =>
        sharp({ create: { width: 2_000, height: 9, channels: 3, background: colour } })
          .png()
          .toBuffer(),
      ),
    );
    const animatedWebp = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    const [still] = frames as [Buffer];
    const animatedPng = Buffer.concat([still.subarray(0, 33), chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])), still.subarray(33)]);
    const behindHeader = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.alloc(100_000, 7)]);
    const cut = photo.subarray(0, 200_000);
    const cases: readonly (readonly [Buffer, string, PictureOutcome])[] = [
      [await (await scene(800, 600)).jpeg().toBuffer(), 'image/jpeg', 'small'],
      [animatedWebp, 'image/webp', 'animated'],
      [animatedPng, 'image/png', 'animated'],
      [behindHeader, 'image/jpeg', 'refused'],
      [cut, 'image/jpeg', 'refused'],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="4000"/>'), 'image/png', 'refused'],
      [photo, 'image/webp', 'refused'],
      [Buffer.from('a photo'), 'image/heic', 'other-format'],
    ];
    const pictures = shrinker();
    for (const [content, mediaType] of cases) expect(await pictures.shrink(content, mediaType)).toBeNull();
    expect(await pictures.shrink(Buffer.from('%PDF-1.7'), 'application/pdf')).toBeNull();
    expect(outcomes).toEqual(cases.map(([, , outcome]) => outcome));
    expect(warnings).toEqual(['animated', 'refused', 'other-format'].map((outcome) => [{ outcome }, 'a picture is kept in its size']));
  });

  it('that declares 900 million pixels is not decoded, and one that asks for too much memory ends its process only', async () => {
    const pictures = shrinker();
    const wide = await bomb({ side: 30_000, bitDepth: 1, colourType: 0, interlaced: 0, bytes: 30_000 * (1 + 30_000 / 8) });
    expect(wide.length).toBeLessThan(1_000_000);
    expect(await pictures.shrink(wide, 'image/png')).toBeNull();
    const { pid } = pictures;
    // Sixteen bits of four colours, interlaced: nothing of it can be left out while it is decoded.
    const deep = await bomb({ side: 8_000, bitDepth: 16, colourType: 6, interlaced: 1, bytes: 8_000 * 8_000 * 8 + 15_000 });
    expect(await pictures.shrink(deep, 'image/png')).toBeNull();
    expect(outcomes).toEqual(['refused', 'died']);
    expect(await pictures.shrink(photo, 'image/jpeg')).not.toBeNull();
    expect(pictures.pid).not.toBe(pid);
  });

  it.each([
    ["{ outcome: 'shrunk', content: Buffer.from('<script>alert(1)</script>') }", 'refused'],
    ["{ outcome: 'r-1 of 幸福社区' }", 'died'],
    ["'nothing'", 'died'],
  ] as const)('is kept when its decoder answers %s', async (answer, outcome) => {
    const decoder = join(folder, 'answers.mjs');
    await writeFile(decoder, `process.on('message', () => process.send(${answer}));`);
    expect(await shrinker({ decoder }).shrink(photo, 'image/jpeg')).toBeNull();
    expect(outcomes).toEqual([outcome]);
  });

  it('that takes too long is kept, and its process is gone', async () => {
    const decoder = join(folder, 'never-answers.mjs');
    await writeFile(decoder, "process.on('message', () => undefined);");
    const pictures = shrinker({ decoder, decodedWithinMs: 2_000 });
    const asked = pictures.shrink(photo, 'image/jpeg');
    const pid = await eventually('a decoder', () => pictures.pid);
    expect(await asked).toBeNull();
    expect(outcomes).toEqual(['late']);
    await eventually('its end', () => isGone(pid));
  });

  it('whose process is killed is kept, and the next one is made smaller by another', async () => {
    const pictures = shrinker();
    const asked = pictures.shrink(photo, 'image/jpeg');
    process.kill(await eventually('a decoder', () => pictures.pid), 'SIGKILL');
    expect(await asked).toBeNull();
    expect(await pictures.shrink(photo, 'image/jpeg')).not.toBeNull();
    process.kill(pictures.pid as number, 'SIGKILL'); // while it waits
    await eventually('its end', () => pictures.pid === undefined);
    expect(await pictures.shrink(photo, 'image/jpeg')).not.toBeNull();
    expect(outcomes).toEqual(['died', 'shrunk', 'shrunk']);
  });

  it('beyond as many as may wait is kept at once, and so is one whose turn comes too late', async () => {
    const pictures = shrinker();
    const sent = Array.from({ length: 18 }, () => pictures.shrink(photo, 'image/jpeg'));
    await Promise.all(sent.slice(16));
    expect(outcomes).toEqual(['busy', 'busy']);
    pictures.close();
    await Promise.all(sent);
    const hasty = shrinker({ turnWithinMs: 0 });
    expect((await Promise.all([hasty.shrink(photo, 'image/jpeg'), hasty.shrink(photo, 'image/jpeg')])).at(1)).toBeNull();
    expect(outcomes.at(-1)).toBe('busy');
  });

  it('needs no process before there is one, nor when none has come for a while', async () => {
    const pictures = shrinker({ idleMs: 1 });
    expect(pictures.pid).toBeUndefined();
    expect(await pictures.shrink(photo, 'image/jpeg')).not.toBeNull();
    await eventually('the end of the process', () => pictures.pid === undefined);
  });

  it('is kept where there is no decoder for the system, and no process is started again for the next', async () => {
    const decoder = join(folder, 'picture-decoder.mjs');
    await copyFile(DECODER, decoder);
    const pictures = shrinker({ decoder });
    for (let time = 1; time <= 2; time += 1) expect(await pictures.shrink(photo, 'image/jpeg')).toBeNull();
    expect([outcomes, pictures.pid, warnings.length]).toEqual([['unavailable', 'unavailable'], undefined, 1]);
  });

  it('leaves no process behind when whoever asked is gone, even in the midst of it', async () => {
    const decoder = fork(DECODER, [], { serialization: 'advanced', execArgv: [] });
    const ended = new Promise((gone) => decoder.once('exit', gone));
    decoder.send({ content: photo, mediaType: 'image/jpeg' }, () => decoder.disconnect());
    await ended;
  });
});

const isGone = (pid: number): boolean => {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
};
