// Decodes pictures of strangers and makes them smaller, in a process of its own: whatever their bytes do to the decoder, only this process ends. One picture
// at a time comes from the parent, `{ content, mediaType }`, and one answer goes back, `{ outcome, content? }`. The parent ends it when a picture takes too
// long; it ends itself when one takes too much memory, and with its parent.

/** Of the longer side, in pixels: a number plate across a street can still be read, and a screen shows no more. */
const SIDE_MAX = 1_920;
/** A picture of that size at the quality below has a quarter to a half of this. */
const BYTES_MAX = 1_500_000;
/** Phones take up to 50 million. What is declared counts, before anything is decoded. */
const PIXELS_MAX = 64_000_000;
/** Resident, all that this process has. */
const MEMORY_BYTES_MAX = 512_000_000;
const MEMORY_LOOK_MS = 20;

const READ = { limitInputPixels: PIXELS_MAX, failOn: 'error', sequentialRead: true };
const KINDS = {
  'image/jpeg': { format: 'jpeg', loader: 'VipsForeignLoadJpegBuffer', write: { quality: 80 } },
  'image/png': { format: 'png', loader: 'VipsForeignLoadPngBuffer', write: {} },
  'image/webp': { format: 'webp', loader: 'VipsForeignLoadWebpBuffer', write: { quality: 80 } },
};

/** Null where there is none for this system. */
const loading = import('sharp').then(({ default: sharp }) => prepared(sharp)).catch(() => null);

/** No decoder but these three is ever reached, and nothing of one picture stays for the next. */
const prepared = (sharp) => {
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: Object.values(KINDS).map(({ loader }) => loader) });
  return sharp;
};

const answerTo = async ({ content, mediaType }) => {
  const sharp = await loading;
  if (sharp === null) return { outcome: 'unavailable' };
  try {
    return await shrunk(sharp, content, mediaType);
  } catch {
    return { outcome: 'refused' };
  }
};

const shrunk = async (sharp, content, mediaType) => {
  const { format, write } = KINDS[mediaType];
  const { width, height, pages = 1, ...found } = await sharp(content, READ).metadata();
  if (found.format !== format) return { outcome: 'refused' };
  if (pages > 1 || isAnimatedPng(content, format)) return { outcome: 'animated' };
  if (Math.max(width, height) <= SIDE_MAX && content.length <= BYTES_MAX) return { outcome: 'small' };
  const smaller = await sharp(content, READ)
    .autoOrient()
    .resize({ width: SIDE_MAX, height: SIDE_MAX, fit: 'inside', withoutEnlargement: true })
    .toFormat(format, write)
    .toBuffer();
  return smaller.length < content.length ? { outcome: 'shrunk', content: smaller } : { outcome: 'small' };
};

/** The decoder sees its first picture only: `acTL` says before the picture's data that there are more. */
const isAnimatedPng = (content, format) => format === 'png' && content.subarray(0, content.indexOf('IDAT')).includes('acTL');

/** At once: leaving in good order would wait for the decoder. */
const end = () => process.kill(process.pid, 'SIGKILL');

const watchingMemory = async (work) => {
  const watch = setInterval(() => process.memoryUsage.rss() > MEMORY_BYTES_MAX && end(), MEMORY_LOOK_MS);
  try {
    return await work();
  } finally {
    clearInterval(watch);
  }
};

process.on('disconnect', end);
process.on('message', async (asked) => process.send(await watchingMemory(() => answerTo(asked))));
