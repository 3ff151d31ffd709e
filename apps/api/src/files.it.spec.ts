import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FILES_PER_ENTITY_MAX, FILE_BYTES_MAX, withoutMetadata } from '@qiyue/edge';
import { eventually, phonePhoto, pictureSizeOf } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, RESIDENT, SUPERVISOR } from './testing/people';
import { RecordedFacts } from './testing/recorded-facts';
import type { Who } from './testing/test-tokens';

const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
const PNG = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b49444154789c6360000200000500017a5eab3f0000000049454e44ae426082',
  'hex',
);
const WEBP = Buffer.from('524946461a000000574542505650384c0d0000002f00000010071011118888fe0700', 'hex');
const HEIC = Buffer.from('0000001866747970686569630000000068656963686d6966', 'hex');
const PDF = Buffer.from('%PDF-1.7\n1 0 obj << >> endobj\n%%EOF');

interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

describe('files of a need', () => {
  let bench: ApiBench;
  let recorded: RecordedFacts;
  let needId: string;
  beforeAll(async () => {
    bench = await ApiBench.create();
    recorded = new RecordedFacts(bench.engine.db);
    needId = await submit();
  }, 60_000);
  afterAll(async () => {
    await recorded.close();
    await bench.close();
  });

  const submit = async (as: Who = RESIDENT): Promise<string> => String((await bench.post('/v1/needs', as, NEED)).body['needId']);
  const attach = async (content: Buffer, as: Who = RESIDENT, of = needId, type = 'application/octet-stream'): Promise<Said> => {
    const response = await fetch(`${bench.base}/v1/needs/${of}/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await bench.tokens.mint(as)}`, 'content-type': type },
      body: new Uint8Array(content),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Said['body'] };
  };
  const load = async (path: string, as: Who): Promise<Response> =>
    fetch(`${bench.base}${path}`, { headers: { authorization: `Bearer ${await bench.tokens.mint(as)}` } });
  const stored = () => bench.engine.db.collection('files');

  it.each([
    ['image/jpeg', 'jpg', JPEG],
    ['image/png', 'png', PNG],
    ['image/webp', 'webp', WEBP],
    ['image/heic', 'heic', HEIC],
    ['application/pdf', 'pdf', PDF],
  ])('%s goes in and comes out as it was, to be saved and never to be shown', async (mediaType, ending, content) => {
    const { status, body } = await attach(content);
    expect([status, body]).toEqual([201, expect.objectContaining({ needId, mediaType, bytes: content.length, by: RESIDENT.actor })]);
    expect(body['url']).toBe(`urn:qiyue:file:${String(body['fileId'])}`);
    const back = await load(`/v1/needs/${needId}/files/${String(body['fileId'])}`, COMMUNITY);
    const loaded = Buffer.from(await back.arrayBuffer());
    const unmarked = ['heic', 'pdf'].includes(ending) ? loaded.subarray(0, content.length) : withoutMetadata(loaded, mediaType);
    expect(unmarked?.equals(content)).toBe(true);
    expect(loaded.toString('utf8')).toMatch(/Qiyue 契约: c-1 \(community, 幸福社区\) \d{4}-\d\d-\d\dT[\d:.]+\+08:00/);
    expect(back.headers.get('content-type')).toContain(mediaType);
    expect(back.headers.get('content-disposition')).toMatch(new RegExp(`^attachment; filename="[0-9a-f]{12}\\.${ending}"$`));
    expect(back.headers.get('x-content-type-options')).toBe('nosniff');
    expect(back.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  });

  it.each([
    ['a page that says it is a picture', Buffer.from('<!doctype html><script>alert(1)</script>'), 'image/png'],
    ['a drawing with scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'image/svg+xml'],
    ['a program', Buffer.from(`7f454c46${'00'.repeat(60)}`, 'hex'), 'image/jpeg'],
    ['an archive', Buffer.from('504b0304140000000000', 'hex'), 'application/pdf'],
    ['words', Buffer.from('hello'), 'text/plain'],
    ['nothing', Buffer.alloc(0), 'image/png'],
    ['the first bytes of a picture', PNG.subarray(0, 5), 'image/png'],
  ])('%s is refused by what it is', async (_, content, type) => {
    expect(await attach(content, RESIDENT, needId, type)).toMatchObject({ status: 415, body: { code: 'unsupported-file' } });
  });

  it('a picture that is called something else is still a picture', async () => {
    expect(await attach(JPEG, RESIDENT, needId, 'application/json')).toMatchObject({ status: 201, body: { mediaType: 'image/jpeg' } });
  });

  it('a photo loses place and device before it is sealed, and one that cannot be read to its end is refused', async () => {
    const exif = Buffer.from('..\0\x32Exif\0\0MM\0*HUAWEI P60 N35.6042 E110.9791'.padEnd(52, '.'), 'latin1').fill('ffe1', 0, 2, 'hex');
    const photo = Buffer.concat([JPEG.subarray(0, 20), exif, JPEG.subarray(20), Buffer.from('HUAWEI')]);
    const own = await submit();
    const { status, body } = await attach(photo, RESIDENT, own);
    expect([status, body['bytes']]).toEqual([201, JPEG.length]);
    const back = await load(`/v1/needs/${own}/files/${String(body['fileId'])}`, COMMUNITY);
    expect(Buffer.from(await back.arrayBuffer()).toString('latin1')).not.toMatch(/Exif|HUAWEI|35\.6042/);
    expect(await attach(photo.subarray(0, 30), RESIDENT, own)).toMatchObject({ status: 422, body: { code: 'unreadable-file' } });
  });

  it('a photo is kept upright and no larger than can be seen, under the id of what was sent: sent again it is the same file', async () => {
    const content = await phonePhoto(2_400, 1_800);
    const own = await submit();
    const { status, body } = await attach(content, RESIDENT, own);
    expect(status).toBe(201);
    const back = await load(`/v1/needs/${own}/files/${String(body['fileId'])}`, COMMUNITY);
    const loaded = Buffer.from(await back.arrayBuffer());
    expect(pictureSizeOf(loaded)).toEqual({ width: 1_440, height: 1_920 });
    expect(loaded.toString('latin1')).not.toMatch(/Exif|HUAWEI/);
    expect(withoutMetadata(loaded, 'image/jpeg')?.length).toBe(body['bytes']);
    expect(body['bytes']).toBeLessThan(content.length / 2);
    expect((await attach(content, RESIDENT, own)).body).toEqual(body);
    expect((await attach(loaded, RESIDENT, own)).body['fileId']).not.toBe(body['fileId']); // what was handed out is another file
    expect((await bench.send('GET', '/metrics')).body['text']).toMatch(/qiyue_pictures_total\{outcome="shrunk"\} 1\n/);
  });

  it('too large a file is refused, the largest is not', async () => {
    const large = await submit();
    const scan = Buffer.from('ffda0008010100003f00', 'hex');
    const of = (bytes: number) => Buffer.concat([JPEG.subarray(0, -2), scan, Buffer.alloc(bytes - JPEG.length - scan.length, 7), JPEG.subarray(-2)]);
    expect(await attach(of(FILE_BYTES_MAX + 1), RESIDENT, large)).toMatchObject({ status: 413, body: { code: 'file-too-large' } });
    const { status, body } = await attach(of(FILE_BYTES_MAX), RESIDENT, large);
    expect(status).toBe(201);
    const back = await load(`/v1/needs/${large}/files/${String(body['fileId'])}`, RESIDENT);
    expect(withoutMetadata(Buffer.from(await back.arrayBuffer()), 'image/jpeg')?.equals(of(FILE_BYTES_MAX))).toBe(true);
  });

  it('the same file sent again, also at once, is the one that is there', async () => {
    const other = await submit();
    const answers = await Promise.all(Array.from({ length: 4 }, () => attach(PDF, RESIDENT, other)));
    answers.push(await attach(PDF, RESIDENT, other));
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['fileId'])}`)).size).toBe(1);
    expect(await stored().countDocuments({ needId: other })).toBe(1);
  });

  it('works name it as evidence', async () => {
    const url = String((await attach(PNG)).body['url']);
    await bench.post(`/v1/needs/${needId}/inspect`, COMMUNITY, { notes: 'n', photos: [url] });
    const { body } = await bench.get(`/v1/needs/${needId}/history`, COMMUNITY);
    expect(JSON.stringify(body)).toContain(url);
    const wrong = await bench.post(`/v1/needs/${needId}/inspect`, COMMUNITY, { notes: 'n', photos: ['urn:qiyue:file:../x'] });
    expect(wrong.status).toBe(422);
  });

  it('whoever is shown another person’s file is on record, and so is whoever attached it', async () => {
    const own = await submit();
    const fileId = String((await attach(JPEG, RESIDENT, own)).body['fileId']);
    await load(`/v1/needs/${own}/files/${fileId}`, SUPERVISOR);
    await load(`/v1/needs/${own}/files/${fileId}`, RESIDENT);
    const facts = await eventually('both facts', async () => {
      const found = await recorded.list({ entity: own });
      return found.length >= 2 ? found : undefined;
    });
    expect(facts.map(({ type, actor }) => [type, actor.id])).toEqual([
      ['PersonalDataSeen', SUPERVISOR.actor],
      ['FileAttached', RESIDENT.actor],
    ]);
  });

  it('nobody reaches it by another need, or without being allowed to', async () => {
    const other = await submit(NEIGHBOUR);
    const fileId = String((await attach(JPEG)).body['fileId']);
    expect((await load(`/v1/needs/${other}/files/${fileId}`, COMMUNITY)).status).toBe(404);
    expect((await load(`/v1/needs/${needId}/files/${fileId}`, NEIGHBOUR)).status).toBe(403);
    expect((await load(`/v1/needs/${needId}/files/${'0'.repeat(64)}`, COMMUNITY)).status).toBe(404);
    expect((await load(`/v1/needs/${needId}/files/..%2f..`, COMMUNITY)).status).toBe(404);
    expect((await attach(JPEG, NEIGHBOUR)).status).toBe(403);
    expect((await attach(JPEG, SUPERVISOR)).status).toBe(403);
    expect((await attach(JPEG, RESIDENT, 'no-such-need')).status).toBe(404);
  });

  it('there is nothing of it in the database but what is sealed, and it is gone with the person’s key', async () => {
    const writer: Who = { actor: 'r-erased', role: 'resident', unit: NEED.community };
    const own = await submit(writer);
    const content = Buffer.concat([JPEG, Buffer.from('王秀英 13800000000')]);
    const fileId = String((await attach(content, writer, own)).body['fileId']);
    const [document] = await stored().find({ needId: own }).toArray();
    expect((document?.['sealed'] as { buffer: Buffer }).buffer.includes(Buffer.from('13800000000'))).toBe(false);
    const erased = await bench.erase(writer.actor);
    expect(erased).toMatchObject({ status: 200, body: { removed: { files: 1 } } });
    expect((await load(`/v1/needs/${own}/files/${fileId}`, COMMUNITY)).status).toBe(404);
    expect(await stored().countDocuments({ needId: own })).toBe(0);
    await stored().insertOne(document as never); // out of an old backup
    expect((await load(`/v1/needs/${own}/files/${fileId}`, COMMUNITY)).status).toBe(404);
  });

  it('one that somebody changed in the database is not handed out', async () => {
    const own = await submit();
    const fileId = String((await attach(JPEG, RESIDENT, own)).body['fileId']);
    const other = String((await attach(PNG, RESIDENT, own)).body['fileId']);
    const changed = await stored().findOne({ _id: other as never });
    await stored().updateOne({ _id: fileId as never }, { $set: { sealed: changed?.['sealed'] } });
    expect((await load(`/v1/needs/${own}/files/${fileId}`, RESIDENT)).status).toBe(500);
  });

  it('a need has so many files and no more', async () => {
    const full = await submit();
    await stored().insertMany(Array.from({ length: FILES_PER_ENTITY_MAX }, (_, i) => ({ _id: `full-${i}` as never, needId: full })));
    expect(await attach(PDF, DEPARTMENT, full)).toMatchObject({ status: 403 });
    expect(await attach(PDF, RESIDENT, full)).toMatchObject({ status: 409, body: { code: 'too-many-files' } });
    await stored().deleteMany({ needId: full });
  });
});
