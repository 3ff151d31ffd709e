const ELLIPSIS = '…';

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** At most so many bytes of UTF-8, ended by … when something is cut off; no character is cut in two. */
export const cutToBytes = (text: string, bytesMax: number): string => {
  if (bytesOf(text) <= bytesMax) return text;
  const bytes = Buffer.from(text, 'utf8');
  let end = Math.max(0, bytesMax - bytesOf(ELLIPSIS));
  while (end > 0 && isInsideCharacter(bytes[end])) end -= 1;
  return `${bytes.subarray(0, end).toString('utf8')}${ELLIPSIS}`;
};

const isInsideCharacter = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
