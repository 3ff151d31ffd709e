import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { isPending } from '@qiyue/client';
import { NEED_BODY, PEOPLE, phonePhoto, pictureSizeOf, type Body, type System, type Who } from '@qiyue/testkit';
import { Steps } from './steps';

const { resident, neighbour, community } = PEOPLE;
const QIYUE = resolve(__dirname, '../../apps/cli/bin/qiyue.mjs');
const PLACE = 'N35.6042 E110.9791';
/** As a phone writes it, with the place where it was taken. */
const photo = (shows: string): Buffer => {
  const exif = Buffer.from(`..\0\x32Exif\0\0MM\0*HUAWEI P60 ${PLACE}`.padEnd(52, '.'), 'latin1').fill('ffe1', 0, 2, 'hex');
  const head = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');
  return Buffer.concat([head, exif, Buffer.from('ffda0008010100003f00', 'hex'), Buffer.from(shows), Buffer.from('ffd9', 'hex')]);
};
const LAMP = { title: '楼下路灯不亮', kind: 'tangible', items: [{ name: '路灯' }], community: NEED_BODY.community } as const;

/** Evidence with the report. */
export const photos = (running: () => System): void => {
  let system: System;
  let steps: Steps;
  let folder: string;
  beforeAll(async () => {
    system = running();
    steps = new Steps(system);
    folder = await mkdtemp(join(tmpdir(), 'qiyue-photos-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const qiyue = async (...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => {
    const env = { ...process.env, QIYUE_API_URL: system.base, QIYUE_TOKEN: await system.token(resident) };
    return new Promise((done) =>
      execFile(process.execPath, [QIYUE, ...args], { env }, (error, out, err) => done({ code: error === null ? 0 : 1, out, err })),
    );
  };
  const photosOf = async (needId: string, as: Who): Promise<unknown> => (await system.get(`/v1/needs/${needId}?minSeq=1`, as)).body['photos'];
  const taken = async (needId: string, url: unknown): Promise<Buffer> =>
    Buffer.from(await system.client(community).bytes('GET', `/v1/needs/${needId}/files/${String(url).slice('urn:qiyue:file:'.length)}`));
  const shown = async (needId: string, url: unknown): Promise<string> => (await taken(needId, url)).toString('latin1');

  it('a resident photographs a broken lamp and reports it in one go', async () => {
    const result = await system.client(resident).submit(LAMP, { photos: [photo('the lamp at night'), photo('its number')], key: randomUUID() });
    if (isPending(result)) throw new Error('no answer in time');
    const photos = (await photosOf(result.needId, community)) as readonly string[];
    expect(photos).toHaveLength(2);
    const content = await shown(result.needId, photos[0]);
    expect(content).toContain('the lamp at night');
    expect(content).not.toContain(PLACE);
    const [submitted] = await steps.historyOf(result.needId);
    expect((submitted as { data: Body }).data['photos']).toEqual(photos);
    expect((await system.get(`/v1/needs/${result.needId}`, community)).body['items']).toEqual([{ name: '路灯', quantity: 1, unit: '个' }]);
    expect(JSON.stringify(await photosOf(result.needId, neighbour))).not.toContain('urn:qiyue:file:');
  });

  it('a community that opens the photo of a phone gets one that its line can carry, upright, and the same when it was sent twice', async () => {
    const [content, key] = [await phonePhoto(4_000, 3_000), randomUUID()];
    const results = [];
    for (let time = 1; time <= 2; time += 1) results.push(await system.client(resident).submit(LAMP, { photos: [content], key }));
    expect(results[1]).toEqual(results[0]);
    const [result] = results;
    if (result === undefined || isPending(result)) throw new Error('no answer in time');
    const [url] = (await photosOf(result.needId, community)) as readonly string[];
    const photo = await taken(result.needId, url);
    expect(pictureSizeOf(photo)).toEqual({ width: 1_440, height: 1_920 });
    expect(photo.length).toBeLessThan(content.length / 2);
    expect(photo.toString('latin1')).not.toMatch(/Exif|HUAWEI/);
  });

  it('somebody with a bad line sends the picture first, and the words over another channel', async () => {
    const { url } = await system.client(resident).upload(photo('sent ahead'));
    const id = randomUUID();
    const { body: sealed } = await system.post('/v1/privacy/sealed-bodies', resident, { command: 'submit', body: { ...LAMP, photos: [url] } });
    await system.kafka.send({ id, type: 'submit', data: sealed['body'], token: await system.token(resident) });
    const outcome = await steps.outcomeOf(id);
    expect(outcome).toMatchObject({ state: 'accepted' });
    const needId = String(outcome['needId']);
    expect(await photosOf(needId, community)).toEqual([url]);
    expect(await shown(needId, url)).toContain('sent ahead');
    expect((await system.get(`/v1/needs/${needId}`, community)).body['items']).toEqual([{ name: '路灯', quantity: 1, unit: '个' }]);
  });

  it('a clerk at a counter gives the pictures on the command line', async () => {
    const paths = [join(folder, 'a.jpg'), join(folder, 'b.jpg')];
    await Promise.all(paths.map((path, i) => writeFile(path, photo(`from the counter ${i}`))));
    const { code, out, err } = await qiyue('submit', JSON.stringify(LAMP), ...paths.flatMap((path) => ['--photo', path]), '--json');
    expect([code, err]).toEqual([0, '']);
    expect(await photosOf(String((JSON.parse(out) as Body)['needId']), community)).toHaveLength(2);
    const missing = await qiyue('submit', JSON.stringify(LAMP), '--photo', join(folder, 'c.jpg'));
    expect(missing.code).not.toBe(0);
    expect(missing.err).toContain('c.jpg 无法读取');
  });
};
