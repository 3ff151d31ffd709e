import { z } from 'zod';

/** The last entry of a page: the next one begins behind it. */
export interface TimeCursor {
  readonly at: string;
  readonly id: string;
}

const content = z.tuple([z.string().min(1).max(40), z.string().min(1).max(2_000)]);
const CURSOR_MAX = 4_000;

export const encodeTimeCursor = ({ at, id }: TimeCursor): string => Buffer.from(JSON.stringify([at, id])).toString('base64url');

const decode = (text: string): TimeCursor | null => {
  try {
    const [at, id] = content.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { at, id };
  } catch {
    return null;
  }
};

/** A query's `cursor`, read back; text that no page has given does not fit. */
export const timeCursor = z
  .string()
  .max(CURSOR_MAX)
  .transform((text, context): TimeCursor => {
    const decoded = decode(text);
    if (decoded !== null) return decoded;
    context.issues.push({ code: 'custom', message: 'not a cursor of this list', input: text });
    return z.NEVER;
  });

/** What was found, one more than `limit`, as a page. */
export const pageOf = <D, T>(found: readonly D[], limit: number, keyOf: (document: D) => TimeCursor, show: (document: D) => T) => {
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { items: page.map(show), nextCursor: last === undefined ? null : encodeTimeCursor(keyOf(last)) };
};
