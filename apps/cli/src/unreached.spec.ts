import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { unreachedBy, unreadable } from './unreached';

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

process.env['QIYUE_LANG'] = 'en';

describe('what a call says when nobody answers', () => {
  it('is one sentence for the API, a file and each kind of server', async () => {
    const said = [
      unreachedBy(await errorOf(fetch('http://127.0.0.1:9'))),
      unreachedBy(await errorOf(readFile('/no/such/file'))),
      unreachedBy(named('MongoServerSelectionError', 'connect ECONNREFUSED 127.0.0.1:27017\nmore')),
      unreachedBy(named('KafkaJSNumberOfRetriesExceeded', 'Connection error')),
    ];
    expect(said).toEqual([
      expect.stringMatching(/^the API does not answer: .+/),
      '/no/such/file cannot be opened: ENOENT',
      'no server answers: connect ECONNREFUSED 127.0.0.1:27017',
      'no server answers: Connection error',
    ]);
  });

  it('names what to do when the API hangs, and when its address is none', async () => {
    const hanging = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    expect(unreachedBy(hanging)).toMatch(/in time: `npx qiyue status`/);
    expect(unreachedBy(await errorOf(fetch('foo/v1/needs')))).toMatch(/^QIYUE_API_URL is no address/);
    expect(unreachedBy(await errorOf(fetch('http://127.0.0.1:1')))).toBe('the API does not answer: a port that is not allowed');
  });

  it('of a file that is missing, a folder or in another encoding is a sentence too', async () => {
    expect(unreadable('x', await errorOf(readFile('/no/such/file'))).message).toBe('x cannot be read: ENOENT');
    expect(unreadable('x', await errorOf(readFile(__dirname))).message).toBe('x is a folder');
    expect(unreadable('x', named('NotUtf8', 'x is not UTF-8')).message).toBe('x is not UTF-8');
  });

  it('is left to whoever knows for all else', () => {
    expect([unreachedBy(new Error('a bug')), unreachedBy('text'), unreachedBy(new TypeError('x is not a function'))]).toEqual([null, null, null]);
  });
});
