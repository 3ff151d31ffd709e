import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { withoutBom } from './bounded-json';

/** Decoded all the same, each byte that does not fit would become U+FFFD. */
export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';

  constructor(what: string) {
    super(`${what} is not UTF-8: save it in UTF-8, not in GBK or another encoding`);
  }
}

/** Text out of bytes, without the mark that editors on Windows begin a file with. Throws `NotUtf8`. */
export const utf8TextOf = (bytes: Uint8Array, what: string): string => {
  if (!isUtf8(bytes)) throw new NotUtf8(what);
  return withoutBom(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
};

/** A text file that a person has written. Throws `NotUtf8`, or what Node says. */
export const readTextFile = async (path: string): Promise<string> => utf8TextOf(await readFile(path), path);
