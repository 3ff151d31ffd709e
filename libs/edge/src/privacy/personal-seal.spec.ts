import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { PlainOverKafka } from '@qiyue/civic-contracts';
import { personalPathsIn } from '@qiyue/aggregate';
import { need } from '@qiyue/need';
import { needCommandSchemas } from '@qiyue/need-contracts';
import { prepareRequest, type CommandRequest, type Prepared } from '../commands/command-request';
import { PersonalSeal } from '@qiyue/privacy';

const keyOf = (subject: string) => ({
  keyId: createHash('md5').update(subject).digest('hex'),
  secret: createHash('sha256').update(subject).digest(),
});
const sealWith = (overKafka: PlainOverKafka): PersonalSeal =>
  new PersonalSeal(
    {
      of: (subject) => Promise.resolve(keyOf(subject)),
      has: () => Promise.resolve(true),
      byId: () => Promise.resolve(null),
      erase: () => Promise.resolve(null),
      destroy: () => Promise.resolve(false),
      settle: () => Promise.resolve(0),
    },
    overKafka,
  );

const NEED = { title: '扶手', kind: 'tangible', items: [{ name: '扶手', quantity: 1, unit: '个' }], community: '幸福社区' };
const PLACE = { lat: 35.60421, lng: 110.97913 };
const prepare = (
  body: object,
  {
    channel = 'http',
    type = 'submit',
    id = 'r-1',
    plain = 'none',
  }: Partial<Pick<CommandRequest, 'channel' | 'type'>> & { id?: string; plain?: PlainOverKafka } = {},
): Promise<Prepared> =>
  prepareRequest(
    {
      ...{
        aggregate: 'need',
        commandId: 'k',
        type,
        entity: '0123456789abcdefghjkmnpqrs',
        body,
        channel,
        receivedAt: '2024-07-01T08:00:00.000+08:00',
        deadlineMs: 1,
      },
      actor: { id, role: 'resident', unit: '幸福社区' },
    },
    need,
    sealWith(plain),
  );
const dataOf = (prepared: Prepared): Readonly<Record<string, unknown>> => {
  if (!prepared.ok) throw new Error(prepared.why);
  return prepared.command.data;
};

describe('a place', () => {
  it('is stored coarse, with the whole of it sealed beside', async () => {
    const data = dataOf(await prepare({ ...NEED, location: PLACE, compound: '幸福里小区' }));
    expect(data).toMatchObject({
      location: { lat: 35.6, lng: 110.98 },
      exactLocation: expect.stringMatching(/^sealed:v1:/),
      compound: expect.stringMatching(/^sealed:v1:/),
    });
    expect(JSON.stringify(data)).not.toMatch(/35\.60421|幸福里/);
    expect(dataOf(await prepare({ ...NEED, location: { lat: 35.6, lng: 110.98 } }))).not.toHaveProperty('exactLocation');
    expect(dataOf(await prepare({ ...NEED, location: null }))).toMatchObject({ location: null });
  });

  it('that comes sealed over Kafka is the same command as over HTTP, to the byte', async () => {
    const overHttp = await prepare({ ...NEED, location: PLACE });
    const overKafka = await prepare(dataOf(overHttp), { channel: 'kafka' });
    expect(overKafka).toEqual({ ...overHttp, command: { ...(overHttp.ok ? overHttp.command : {}), channel: 'kafka' } });
    expect(await prepare(dataOf(overHttp), { channel: 'kafka', id: 'r-2' })).toMatchObject({
      ok: false,
      why: 'foreign',
      fields: expect.arrayContaining(['exactLocation']),
    });
  });

  it('is not taken exactly from Kafka in the open, where nothing personal is', async () => {
    expect(await prepare({ ...NEED, location: PLACE }, { channel: 'kafka' })).toMatchObject({ ok: false, why: 'plain', fields: ['location'] });
    expect(await prepare({ ...NEED, location: PLACE }, { channel: 'kafka', plain: 'no-contact' })).toMatchObject({ ok: true });
    expect(await prepare({ ...NEED, location: { lat: 35.6, lng: 110.98 } }, { channel: 'kafka' })).toMatchObject({ ok: true });
  });

  it('is never named twice', async () => {
    expect(await prepare({ ...NEED, exactLocation: '[1,2]' })).toMatchObject({ ok: false, why: 'invalid' });
    expect(await prepare({ ...NEED, exactLocation: 'nowhere' }, { channel: 'kafka', plain: 'any' })).toMatchObject({ ok: false, why: 'invalid' });
  });
});

it('a resident’s reason to withdraw is theirs, the reason of an office is not', async () => {
  const because = { reason: '搬走了' };
  expect(await prepare(because, { channel: 'kafka', type: 'withdraw' })).toMatchObject({ ok: false, why: 'plain', fields: ['reason'] });
  expect(await prepare(because, { channel: 'kafka', type: 'reject' })).toMatchObject({ ok: true });
});

describe('text that nobody may send', () => {
  it.each(['a\u202eb', 'a\u009b2J', '\u200b', 'a\nb', 'a\ufffd', 'a\u2028b'])('is refused over HTTP and over Kafka alike: %j', async (title) => {
    for (const channel of ['http', 'kafka'] as const) {
      expect(await prepare({ ...NEED, title }, { channel })).toMatchObject({ ok: false, why: 'invalid' });
      expect(await prepare({ ...NEED, contact: title }, { channel, plain: 'any' })).toMatchObject({ ok: false, why: 'invalid' });
    }
  });

  it('is refused sealed, too', async () => {
    const { contact } = await sealWith('none').seal(personalPathsIn(needCommandSchemas.submit), { ...NEED, contact: 'a\u202eb' }, 'r-1');
    expect(await prepare({ ...NEED, contact }, { channel: 'kafka' })).toMatchObject({ ok: false, why: 'invalid' });
  });
});
