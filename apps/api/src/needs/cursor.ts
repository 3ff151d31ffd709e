import { z } from 'zod';

/** The last need of a page: the next one begins behind it, whatever has been added in front meanwhile. */
export interface Cursor {
  readonly createdAt: string;
  readonly needId: string;
}

const content = z.tuple([z.string().min(1).max(40), z.string().min(1).max(40)]);

export const encodeCursor = ({ createdAt, needId }: Cursor): string => Buffer.from(JSON.stringify([createdAt, needId])).toString('base64url');

/** Null for text that no page has given. */
export const decodeCursor = (text: string): Cursor | null => {
  try {
    const [createdAt, needId] = content.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { createdAt, needId };
  } catch {
    return null;
  }
};
