import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { unreachedBy } from './unreached';

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

  it('is left to whoever knows for all else', () => {
    expect([unreachedBy(new Error('a bug')), unreachedBy('text'), unreachedBy(new TypeError('x is not a function'))]).toEqual([null, null, null]);
  });
});
