import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { FILE_BYTES_MAX } from '@qiyue/edge';
import type { Request } from 'express';
import { FORM_BYTES_MAX, FORM_FILES_MAX, readForm, type SentForm } from './form-body';
import { BODY_BYTES_MAX } from './json-body';
import { Problem } from './problem';

const BOUNDARY = 'qiyue';
type Part = readonly [headers: string, content: Buffer | string];
const file = (field: string, content: Buffer | string, name = 'a.jpg'): Part => [
  `form-data; name="${field}"; filename="${name}"\r\nContent-Type: application/octet-stream`,
  content,
];
const field = (name: string, content: string): Part => [`form-data; name="${name}"`, content];
const BODY = field('body', '{"title":"路灯不亮"}');

const bytesOf = (parts: readonly Part[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(([headers, content]) => [
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: ${headers}\r\n\r\n`),
      Buffer.from(content as string),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
const requestOf = (type = `multipart/form-data; boundary=${BOUNDARY}`) =>
  Object.assign(new PassThrough(), { headers: { 'content-type': type }, complete: false });
const read = (sent: Buffer, type?: string): Promise<SentForm> => {
  const request = requestOf(type);
  const form = readForm(request as unknown as Request);
  request.complete = true;
  request.end(sent);
  return form;
};
const codeOf = async (form: Promise<SentForm>): Promise<string> =>
  form.then(
    () => 'read',
    (error: unknown) => (error instanceof Problem ? error.refusal.code : 'not understood'),
  );
const refused = (...parts: readonly Part[]): Promise<string> => codeOf(read(bytesOf(parts)));

describe('a form', () => {
  it('is a body and files, each for the field that it is named as, in any order', async () => {
    const form = await read(bytesOf([file('photos', 'one', '照片.jpg'), BODY, file('photos', 'two'), file('evidence[0].url', 'three')]));
    expect(form.body).toEqual({ title: '路灯不亮' });
    expect(form.files.map(({ field: at, content }) => [at, content.toString()])).toEqual([
      ['photos', 'one'],
      ['photos', 'two'],
      ['evidence[0].url', 'three'],
    ]);
  });

  it('takes its body as a file too, as programs send JSON, and may have no files', async () => {
    const json: Part = ['form-data; name="body"; filename="blob"\r\nContent-Type: application/json', '{"a":1}'];
    expect(await read(bytesOf([json]))).toEqual({ body: { a: 1 }, files: [] });
  });

  it('in which no file was chosen has none, and one that is empty is a file all the same', async () => {
    const none: Part = ['form-data; name="photos"; filename=""\r\nContent-Type: application/octet-stream', ''];
    expect((await read(bytesOf([BODY, none]))).files).toEqual([]);
    expect((await read(bytesOf([BODY, file('photos', '')]))).files).toEqual([{ field: 'photos', content: Buffer.alloc(0) }]);
  });

  it('is refused when its parts are not those of a form of ours', async () => {
    expect(await refused(file('photos', 'one'))).toBe('bad-form'); // no body
    expect(await refused(BODY, BODY)).toBe('bad-form');
    expect(await refused(BODY, file('body', '{}'))).toBe('bad-form');
    expect(await refused(BODY, field('photos', 'https://example.org/1.jpg'))).toBe('bad-form');
    expect(await refused(field('__proto__', '{}'))).toBe('bad-form');
    expect(await refused()).toBe('bad-form');
  });

  it('is refused when its body is not JSON as any body is', async () => {
    expect(await refused(field('body', '{'))).toBe('bad-json');
    expect(await refused(field('body', ''))).toBe('bad-json');
    expect(await refused(file('body', Buffer.from([0x22, 0xc4, 0xe3, 0x22])))).toBe('not-utf8');
    expect(await refused(field('body', '['.repeat(100) + ']'.repeat(100)))).toBe('invalid');
  });

  it('named __proto__ changes nothing', async () => {
    const form = await read(bytesOf([field('body', '{"__proto__":{"isAdmin":true}}'), file('__proto__', 'x')]));
    expect([Object.keys(form.body as object), ({} as { isAdmin?: boolean }).isAdmin]).toEqual([['__proto__'], undefined]);
    expect(form.files.map(({ field: at }) => at)).toEqual(['__proto__']);
  });

  it('has a bound for everything', async () => {
    const files = (count: number, bytes = 1): Part[] => Array.from({ length: count }, () => file('photos', Buffer.alloc(bytes, 7)));
    expect(await refused(BODY, ...files(FORM_FILES_MAX))).toBe('read');
    expect(await refused(BODY, ...files(FORM_FILES_MAX + 1))).toBe('too-large-form');
    expect(await refused(...files(1_000))).toBe('too-large-form');
    expect(await refused(BODY, file('photos', Buffer.alloc(FILE_BYTES_MAX)))).toBe('read');
    expect(await refused(BODY, file('photos', Buffer.alloc(FILE_BYTES_MAX + 1)))).toBe('file-too-large');
    expect(await refused(BODY, ...files(6, Math.ceil(FORM_BYTES_MAX / 6) + 1))).toBe('too-large-form');
    expect(await refused(field('body', 'x'.repeat(BODY_BYTES_MAX + 1)))).toBe('too-large');
    expect(await refused(file('body', 'x'.repeat(BODY_BYTES_MAX + 1)))).toBe('too-large');
  });

  it('that is not whole, or not divided as it says, is not understood', async () => {
    const whole = bytesOf([BODY, file('photos', 'one')]);
    for (const length of [0, 10, 60, 120, whole.length - 6]) expect(await codeOf(read(whole.subarray(0, length)))).not.toBe('read');
    expect(await codeOf(read(whole, 'multipart/form-data; boundary=other'))).not.toBe('read');
    expect(await codeOf(read(whole, 'multipart/form-data'))).not.toBe('read');
  });

  it('whose sender goes away ends, too', async () => {
    const request = requestOf();
    const form = codeOf(readForm(request as unknown as Request));
    request.write(bytesOf([BODY]).subarray(0, 40));
    request.destroy();
    expect(await form).toBe('bad-form');
  });
});
