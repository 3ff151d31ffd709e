import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FILE_BYTES_MAX, UPLOADS_PER_PERSON_MAX } from '@qiyue/edge';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, OTHER_COMMUNITY, RESIDENT } from './testing/people';
import type { Who } from './testing/test-tokens';

/** As a phone takes it: with the place where it was. */
const photo = (mark: string): Buffer => {
  const exif = Buffer.from('..\0\x32Exif\0\0MM\0*HUAWEI P60 N35.6042 E110.9791'.padEnd(52, '.'), 'latin1').fill('ffe1', 0, 2, 'hex');
  const scan = Buffer.from('ffda0008010100003f00', 'hex');
  const head = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');
  return Buffer.concat([head, exif, scan, Buffer.from(mark), Buffer.from('ffd9', 'hex')]);
};
const HTML_BEFORE_PDF = Buffer.from('<script>alert(1)</script>\n%PDF-1.7\n1 0 obj << >> endobj\n%%EOF');
const { items: _, ...REST } = NEED;
const LAMP = { ...REST, title: '路灯不亮', items: [{ name: '路灯' }] };

interface Said {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

describe('a need with photos', () => {
  let bench: ApiBench;
  beforeAll(async () => {
    bench = await ApiBench.create();
  }, 60_000);
  afterAll(() => bench.close());

  const send = async (path: string, as: Who, body: FormData | Uint8Array<ArrayBuffer>, key: string = randomUUID()): Promise<Said> => {
    const type: Readonly<Record<string, string>> = body instanceof FormData ? {} : { 'content-type': 'application/octet-stream' };
    const headers = { authorization: `Bearer ${await bench.tokens.mint(as)}`, 'idempotency-key': key, ...type };
    const response = await fetch(`${bench.base}${path}`, { method: 'POST', headers, body });
    return { status: response.status, body: (await response.json()) as Said['body'] };
  };
  const formOf = (body: object, files: readonly Buffer[] = [], field = 'photos'): FormData => {
    const form = new FormData();
    form.append('body', JSON.stringify(body));
    for (const file of files) form.append(field, new Blob([new Uint8Array(file)]), '老王拍的.jpg');
    return form;
  };
  const submit = (body: object, files: readonly Buffer[], as: Who = RESIDENT, key?: string) => send('/v1/needs', as, formOf(body, files), key);
  const upload = (content: Buffer, as: Who = RESIDENT) => send('/v1/files', as, new Uint8Array(content));
  const photosOf = async (needId: unknown, as: Who): Promise<unknown> => (await bench.get(`/v1/needs/${String(needId)}?minSeq=1`, as)).body['photos'];
  const filesOf = async (needId: unknown, as: Who): Promise<readonly Record<string, unknown>[]> =>
    (await bench.get(`/v1/needs/${String(needId)}/files`, as)).body['items'] as readonly Record<string, unknown>[];
  const stored = () => bench.engine.db.collection('files');
  const kept = () => stored().countDocuments({ until: { $exists: false } });

  it('comes in one form, and whoever may see photos sees them, without where they were taken', async () => {
    const { status, body } = await submit(LAMP, [photo('one'), photo('two')]);
    expect([status, body]).toEqual([201, expect.objectContaining({ stage: 'submitted', seq: 1 })]);
    const photos = (await photosOf(body['needId'], RESIDENT)) as readonly string[];
    expect(photos).toEqual([expect.stringMatching(/^urn:qiyue:file:[0-9a-f]{64}$/), expect.stringMatching(/^urn:qiyue:file:/)]);
    expect(await photosOf(body['needId'], COMMUNITY)).toEqual(photos);
    expect((await filesOf(body['needId'], COMMUNITY)).map(({ url }) => url).sort()).toEqual([...photos].sort());
    const token = await bench.tokens.mint(COMMUNITY);
    const path = `/v1/needs/${String(body['needId'])}/files/${String(photos[0]).slice('urn:qiyue:file:'.length)}`;
    const back = await fetch(`${bench.base}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const content = Buffer.from(await back.arrayBuffer()).toString('latin1');
    expect(content).toContain('one');
    expect(content).not.toMatch(/Exif|HUAWEI|35\.6042/);
  });

  it('shows them in its history too, and to nobody who may not see them', async () => {
    const { body } = await submit(LAMP, [photo('three')]);
    const history = async (as: Who) => JSON.stringify((await bench.get(`/v1/needs/${String(body['needId'])}/history`, as)).body);
    expect(await history(RESIDENT)).toContain('urn:qiyue:file:');
    expect(await history(NEIGHBOUR)).not.toContain('urn:qiyue:file:');
    expect(JSON.stringify(await photosOf(body['needId'], NEIGHBOUR))).not.toContain('urn:qiyue:file:');
    expect(JSON.stringify(await photosOf(body['needId'], OTHER_COMMUNITY))).not.toContain('urn:qiyue:file:');
  });

  it('sent again with the same key is the same need with the same files, and the same picture twice is one', async () => {
    const key = randomUUID();
    const files = [photo('four'), photo('four'), photo('five')];
    const answers = [await submit(LAMP, files, RESIDENT, key), ...(await Promise.all([1, 2].map(() => submit(LAMP, files, RESIDENT, key))))];
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['needId'])}`)).size).toBe(1);
    const needId = answers[0]?.body['needId'];
    expect(await photosOf(needId, RESIDENT)).toHaveLength(2);
    expect(await filesOf(needId, RESIDENT)).toHaveLength(2);
    expect(await submit(LAMP, [photo('another')], RESIDENT, key)).toMatchObject({ status: 422, body: { code: 'key-reused' } });
    expect(await filesOf(needId, RESIDENT)).toHaveLength(2);
  });

  it('keeps nothing of what was refused', async () => {
    const before = await kept();
    expect(await submit({ ...LAMP, title: '' }, [photo('six')])).toMatchObject({ status: 422, body: { code: 'invalid' } });
    expect(await submit(LAMP, [photo('seven')], DEPARTMENT)).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
    expect(await submit(LAMP, [Buffer.alloc(0)])).toMatchObject({ status: 415, body: { code: 'unsupported-file' } });
    expect(await submit(LAMP, [photo('eight'), Buffer.from('<svg/>')])).toMatchObject({ status: 415, body: { code: 'unsupported-file' } });
    expect(await send('/v1/needs', RESIDENT, formOf(LAMP, [photo('nine')], '__proto__'))).toMatchObject({ status: 400, body: { code: 'bad-form' } });
    expect(await send('/v1/needs', RESIDENT, formOf(LAMP, [photo('ten')], 'title'))).toMatchObject({ status: 400, body: { code: 'bad-form' } });
    expect(await submit(LAMP, [Buffer.alloc(FILE_BYTES_MAX + 1)])).toMatchObject({ status: 413, body: { code: 'file-too-large' } });
    expect(await kept()).toBe(before);
  });

  it('a form is for commands that name files alone', async () => {
    const needId = String((await bench.post('/v1/needs', RESIDENT, LAMP)).body['needId']);
    expect(await send(`/v1/needs/${needId}/withdraw`, RESIDENT, formOf({ reason: 'r' }))).toMatchObject({ status: 415 });
    expect(await send('/v1/keys', RESIDENT, formOf({}))).toMatchObject({ status: 415 });
  });

  it('a community’s inspection brings its pictures in one form as well', async () => {
    const needId = String((await bench.post('/v1/needs', RESIDENT, LAMP)).body['needId']);
    await bench.get(`/v1/needs/${needId}?minSeq=1`, COMMUNITY);
    const inspected = await send(`/v1/needs/${needId}/inspect`, COMMUNITY, formOf({ notes: '属实' }, [photo('inspected')]));
    expect(inspected).toMatchObject({ status: 200, body: { needId } });
    const { body } = await bench.get(`/v1/needs/${needId}?minSeq=2`, COMMUNITY);
    expect((body['inspection'] as { photos: readonly string[] }).photos).toHaveLength(1);
    expect(await send(`/v1/needs/${needId}/inspect`, NEIGHBOUR, formOf({ notes: 'n' }, [photo('x')]))).toMatchObject({ status: 403 });
  });

  it.each([
    ['complete', 'evidence[0].url', { evidence: [{ kind: 'photo', url: 'https://a.example/1.jpg' }] }],
    ['complete', 'evidence[0].url', { evidence: [{ kind: 'photo', url: null }] }],
    ['inspect', 'photos[0]', { notes: '属实', photos: ['https://a.example/1.jpg'] }],
  ])('%s does not drop what stands at %s already: no field has two values', async (command, field, body) => {
    const needId = String((await bench.post('/v1/needs', RESIDENT, LAMP)).body['needId']);
    const before = await stored().countDocuments();
    expect(await send(`/v1/needs/${needId}/${command}`, COMMUNITY, formOf(body, [photo('two')], field))).toMatchObject({
      ...{ status: 400, body: { code: 'bad-form' } },
    });
    expect(await stored().countDocuments()).toBe(before);
  });

  it('files that were sent ahead are the need’s that names them, once, and for whoever sent them', async () => {
    const { status, body } = await upload(photo('ahead'));
    expect([status, body]).toEqual([201, expect.objectContaining({ mediaType: 'image/jpeg', url: `urn:qiyue:file:${String(body['fileId'])}` })]);
    expect((await upload(photo('ahead'))).body['fileId']).toBe(body['fileId']);
    const photos = [body['url']];
    const foreign = await bench.post('/v1/needs', NEIGHBOUR, { ...LAMP, photos });
    expect(foreign).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ path: 'photos.0' }] } });
    expect(await bench.post('/v1/needs', RESIDENT, { ...LAMP, items: [], photos })).toMatchObject({ status: 422 });
    const key = randomUUID();
    const named = () => bench.post('/v1/needs', RESIDENT, { ...LAMP, photos }, key);
    const first = await named();
    expect(first.status).toBe(201);
    expect((await named()).body['needId']).toBe(first.body['needId']);
    expect(await photosOf(first.body['needId'], RESIDENT)).toEqual(photos);
    expect((await filesOf(first.body['needId'], COMMUNITY)).map(({ url }) => url)).toEqual(photos);
    expect(await bench.post('/v1/needs', RESIDENT, { ...LAMP, photos })).toMatchObject({ status: 422, body: { code: 'invalid' } });
    const again = (await upload(photo('ahead'))).body['fileId'];
    expect(again).not.toBe(body['fileId']);
    expect((await bench.post('/v1/needs', RESIDENT, { ...LAMP, photos: [`urn:qiyue:file:${String(again)}`] })).status).toBe(201);
  });

  it('named by two commands at once, a file is one’s and unknown to the other', async () => {
    const { url } = (await upload(photo('wanted twice'))).body;
    const answers = await Promise.all([1, 2, 3].map(() => bench.post('/v1/needs', RESIDENT, { ...LAMP, photos: [url] })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
  });

  it('what a refused command named can be named by another', async () => {
    const { url } = (await upload(photo('given back'))).body;
    const needId = String((await submit(LAMP, [])).body['needId']);
    await bench.post(`/v1/needs/${needId}/withdraw`, RESIDENT, { reason: 'r' });
    expect((await bench.post(`/v1/needs/${needId}/amend`, RESIDENT, { photos: [url] })).status).toBe(409);
    expect((await bench.post('/v1/needs', RESIDENT, { ...LAMP, photos: [url] })).status).toBe(201);
  });

  it('what nobody names goes after a day, and so many may wait and no more', async () => {
    const { fileId } = (await upload(photo('unnamed'))).body;
    const document = await stored().findOne({ _id: fileId as never });
    const hours = ((document?.['until'] as Date).getTime() - Date.now()) / 3_600_000;
    expect([hours > 23, hours <= 24]).toEqual([true, true]);
    const expiring = (await stored().indexes()).find(({ key }) => Object.keys(key as object).join() === 'until');
    expect(expiring?.expireAfterSeconds).toBe(0);
    await stored().insertMany(Array.from({ length: UPLOADS_PER_PERSON_MAX }, (_, i) => ({ _id: `wait-${i}` as never, needId: 'uploads:r-2' })));
    expect(await upload(photo('one more'), NEIGHBOUR)).toMatchObject({ status: 409, body: { code: 'too-many-uploads' } });
    await stored().deleteMany({ needId: 'uploads:r-2' });
  });

  it('a PDF behind a script is kept to be saved, and never shown', async () => {
    const needId = String((await submit(LAMP, [HTML_BEFORE_PDF])).body['needId']);
    const [file] = await filesOf(needId, RESIDENT);
    expect(file?.['mediaType']).toBe('application/pdf');
    const headers = { authorization: `Bearer ${await bench.tokens.mint(RESIDENT)}` };
    const back = await fetch(`${bench.base}/v1/needs/${needId}/files/${String(file?.['fileId'])}`, { headers });
    expect(back.headers.get('content-type')).toContain('application/pdf');
    expect(back.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(back.headers.get('x-content-type-options')).toBe('nosniff');
    expect(back.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(Buffer.from(await back.arrayBuffer()).subarray(0, HTML_BEFORE_PDF.length)).toEqual(HTML_BEFORE_PDF);
  });

  it('a lamp is one lamp', async () => {
    const { body } = await submit(LAMP, []);
    const { items } = (await bench.get(`/v1/needs/${String(body['needId'])}?minSeq=1`, RESIDENT)).body;
    expect(items).toEqual([{ name: '路灯', quantity: 1, unit: '个' }]);
  });
});
