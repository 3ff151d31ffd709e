import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatPace } from '@qiyue/platform';
import { CHINA_2024_2026 } from '@qiyue/calendar';
import type { Pace } from '@qiyue/engine';
import { modelPointers } from '@qiyue/engine-runtime';
import { eventually, MORE_AGGREGATES, NEED_BODY, startSystem, type Body, type System, type Who } from '@qiyue/testkit';
import { compile } from './compile';

const CLI = resolve(__dirname, '../../apps/cli/dist/main.js');
const MORE = { QIYUE_MORE_AGGREGATES: MORE_AGGREGATES.join(',') };
const PHONE = '13912345678';
const VISIT = { lift: '1号楼1梯', unit: '市监局', phone: PHONE };

const property: Who = { actor: 'property-1', role: 'property', unit: '幸福物业' };
const department: Who = { actor: 'department-1', role: 'department', unit: '市监局' };
const elsewhere: Who = { actor: 'department-2', role: 'department', unit: '水利局' };
const centre: Who = { actor: 'centre-1', role: 'centre' };
const resident: Who = { actor: 'resident-1', role: 'resident' };
const supervisor: Who = { actor: 'supervisor-1', role: 'supervisor' };
const operator: Who = { actor: 'operator-1', role: 'operator' };

/** A day in a second and a half: the whole ladder takes three weeks. */
const pace = (): Pace => ({ realMs: Date.now(), businessMs: Date.parse('2025-03-03T09:30:00.000+08:00'), factor: 60_000 });

describe('a kind of entity that the system was not built with', () => {
  let system: System;
  const running = pace();
  /** Nobody does anything about it: its ladder runs while the others are tried. */
  let climbing: string;
  beforeAll(async () => {
    compile();
    system = await startSystem({ pace: running, settings: MORE });
    expect((await system.post('/v1/needs', resident, NEED_BODY)).status).toBe(201); // another kind beside it
    climbing = await scheduled();
  }, 180_000);
  afterAll(() => system?.stop(), 60_000);

  const post = (as: Who, path: string, body: object, key?: string) => system.post(`/v1/lift-inspections${path}`, as, body, key);
  const get = (as: Who, path: string) => system.get(`/v1/lift-inspections${path}`, as);
  const scheduled = async (changes: object = {}): Promise<string> => {
    const { status, body } = await post(property, '', { ...VISIT, ...changes });
    expect([status, body]).toEqual([201, { liftInspectionId: expect.any(String), seq: 1, stage: 'scheduled' }]);
    return String(body['liftInspectionId']);
  };
  const done = async (as: Who, id: string, command: string, body: object): Promise<Body> => {
    const answer = await post(as, `/${id}/${command}`, body);
    expect([command, answer.status, answer.body]).toEqual([command, 200, expect.objectContaining({ liftInspectionId: id })]);
    return answer.body;
  };
  const problem = async (as: Who, path: string, body: object, language = 'en'): Promise<readonly unknown[]> => {
    const answer = await system.request('POST', `/v1/lift-inspections${path}`, { as, body, headers: { 'accept-language': language } });
    return [answer.status, answer.body['code'], answer.body['detail']];
  };
  const seen = async (as: Who, id: string, minSeq: number): Promise<Body> => (await get(as, `/${id}?minSeq=${minSeq}`)).body;
  const outcomeOf = (commandId: string): Promise<Body> =>
    eventually(
      `an outcome of ${commandId}`,
      async () => {
        const { status, body } = await system.get(`/v1/commands/${commandId}`, supervisor);
        return status === 200 && body['state'] !== 'pending' && body;
      },
      30_000,
    );
  /** The command line as an operator runs it; `as`: whose token the API is asked with. */
  const qiyue = async (args: readonly string[], as: Who = operator, more = MORE): Promise<{ readonly code: number; readonly out: string }> => {
    const { mongodbUri, mongodbDatabase, kafkaBrokers, temporal } = system.servers;
    const env = {
      ...process.env,
      ...{ ...more, QIYUE_DATA_DIR: system.dataDir, QIYUE_REHEARSAL_CLOCK: formatPace(running) },
      ...{ QIYUE_MONGODB_URI: mongodbUri, QIYUE_MONGODB_DATABASE: mongodbDatabase, QIYUE_KAFKA_BROKERS: kafkaBrokers },
      ...{ QIYUE_TEMPORAL_ADDRESS: temporal.address, QIYUE_TEMPORAL_NAMESPACE: temporal.namespace },
      ...{ QIYUE_API_URL: system.base, QIYUE_TOKEN: await system.token(as) },
    };
    return new Promise((ended) =>
      execFile(process.execPath, [CLI, ...args], { env, maxBuffer: 10_000_000 }, (error, out, said) =>
        ended({ code: error === null ? 0 : Number(error.code ?? 1), out: out === '' ? said : out }),
      ),
    );
  };
  const json = async (...args: readonly string[]): Promise<Body> => JSON.parse((await qiyue([...args, '--json'])).out) as Body;

  it('is begun and led to its end over HTTP, each command by its own role, and answers the same key alike', async () => {
    const key = randomUUID();
    const [first, again] = [await post(property, '', VISIT, key), await post(property, '', VISIT, key)];
    expect([first.status, again.body]).toEqual([201, first.body]);
    const id = String(first.body['liftInspectionId']);
    await done(department, id, 'inspect', { passed: false, note: '限速器失效' });
    await done(property, id, 'repair', { note: '已更换限速器' });
    const { seq } = await done(centre, id, 'close', {});
    const view = await seen(centre, id, Number(seq));
    expect(view).toMatchObject({ liftInspectionId: id, seq, stage: 'closed', passed: false, note: '已更换限速器', light: null, clock: null });
    expect(await problem(property, `/${id}/repair`, { note: 'n' })).toEqual([
      409,
      'wrong-stage',
      'The inspection of a lift is "closed" now; this cannot be done.',
    ]);
  });

  it('refuses in its own words, in the language of who asks', async () => {
    const id = await scheduled();
    expect(await problem(department, '', VISIT)).toEqual([403, 'not-permitted', 'You may not do this.']);
    expect(await problem(centre, `/${id}/close`, {}, 'zh-CN')).toEqual([409, 'wrong-stage', '电梯检验当前处于“scheduled”，不能进行此操作。']);
    expect(await problem(elsewhere, `/${id}/inspect`, { passed: true })).toEqual([403, 'not-permitted', 'You may not do this.']);
    expect((await problem(department, `/${id}/inspect`, { passed: 'yes' })).slice(0, 2)).toEqual([422, 'invalid']);
    expect((await problem(department, `/${id}/schedule`, VISIT))[0]).toBe(404);
    await done(department, id, 'inspect', { passed: false });
    expect(await problem(centre, `/${id}/close`, {}, 'zh-CN')).toEqual([409, 'not-safe', '该电梯检验不合格，尚未维修。']);
    const nobody = '0123456789abcdefghjkmnpqrs';
    expect(await problem(centre, `/${nobody}/close`, {})).toEqual([404, 'not-found', 'There is no such inspection of a lift.']);
    expect((await get(centre, `/${nobody}`)).body).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('is listed by its own filters, page by page, and found by its words', async () => {
    const lift = `梯${randomUUID()}`;
    const ids = [await scheduled({ lift }), await scheduled({ lift })];
    await Promise.all(ids.map((id) => seen(property, id, 1)));
    const { body } = await get(resident, `?q=${encodeURIComponent(lift)}&stage=scheduled&unit=${encodeURIComponent('市监局')}&limit=1`);
    const next = await get(resident, `?q=${encodeURIComponent(lift)}&limit=1&cursor=${String(body['nextCursor'])}`);
    const listed = [...(body['items'] as readonly Body[]), ...(next.body['items'] as readonly Body[])];
    expect(listed.map((item) => item['liftInspectionId'])).toEqual([...ids].reverse());
    expect(listed[0]).toMatchObject({ lift, stage: 'scheduled', light: expect.any(String) });
    expect(Object.keys(listed[0] ?? {})).not.toContain('phone');
    expect((await get(resident, '?stage=evaluated')).status).toBe(422);
  });

  it('has a history, is shown as it was, and says what changed between', async () => {
    const id = await scheduled();
    await done(department, id, 'inspect', { passed: true });
    const { body } = await get(supervisor, `/${id}/history`);
    const events = body['events'] as readonly Body[];
    const byPeople = events.filter(({ actor }) => (actor as Body)['id'] !== 'clock');
    expect([body['liftInspectionId'], byPeople.map(({ type }) => type)]).toEqual([id, ['InspectionScheduled', 'LiftInspected']]);
    const last = events.length;
    expect((await get(supervisor, `/${id}/at?seq=1`)).body).toMatchObject({ seq: 1, stage: 'scheduled', passed: null });
    const { body: changed } = await get(supervisor, `/${id}/changes?from=1&to=${last}`);
    expect(changed['changes']).toEqual(
      expect.arrayContaining([
        { path: 'passed', before: null, after: true },
        { path: 'stage', before: 'scheduled', after: 'inspected' },
      ]),
    );
  });

  it('takes files from its own parties, and shows them to nobody else', async () => {
    const id = await scheduled();
    const attach = async (as: Who): Promise<Response> =>
      fetch(`${system.base}/v1/lift-inspections/${id}/files`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await system.token(as)}` },
        body: Buffer.from('%PDF-1.7 the certificate'),
      });
    const kept = await attach(department);
    const file = (await kept.json()) as Body;
    expect([kept.status, file]).toEqual([201, expect.objectContaining({ mediaType: 'application/pdf' })]);
    expect((await attach(elsewhere)).status).toBe(403);
    expect((await get(property, `/${id}/files`)).body['items']).toEqual([expect.objectContaining({ fileId: file['fileId'] })]);
    expect((await get(resident, `/${id}/files`)).status).toBe(403);
    const out = resolve(system.dataDir, `${id}.pdf`);
    expect(await qiyue(['lift-inspection', 'file', id, String(file['fileId']), '--out', out], property)).toMatchObject({ code: 0 });
  });

  it('shows a field to those whom a row of it names, and one that no row names to nobody', async () => {
    const id = await scheduled();
    await seen(property, id, 1);
    for (const [who, phone] of [
      [property, PHONE],
      [department, PHONE],
      [supervisor, PHONE],
      [elsewhere, null],
      [resident, null],
    ] as const)
      expect([who.actor, (await get(who, `/${id}`)).body['phone']]).toEqual([who.actor, phone]);
    const documents = system.store.db.collection<{ _id: string }>('lift-inspections_1');
    await documents.updateOne({ _id: id }, { $set: { 'view.planted': 'p', 'view.clock.planted': 'p', 'view.author.phone': 'p' } });
    for (const who of [property, department, supervisor, resident]) {
      const { body } = await get(who, `/${id}`);
      expect([body['liftInspectionId'], JSON.stringify(body).includes('"p"')]).toEqual([id, false]);
    }
    expect(await json('projections', 'verify', 'lift-inspections')).toMatchObject({ ok: false, differing: [{ entity: id }] });
    expect(await json('projections', 'rebuild', 'lift-inspections')).toMatchObject({ changed: 1 });
  });

  it('keeps what is personal sealed, in every collection and on every topic', async () => {
    const phone = '13700001111';
    const id = await scheduled({ phone });
    expect(await seen(department, id, 1)).toMatchObject({ phone });
    const holds: string[] = [];
    for (const collection of await system.store.db.collections())
      if (JSON.stringify(await collection.find().toArray()).includes(phone)) holds.push(collection.collectionName);
    for (const topic of ['commands', 'events', 'commands.dead', 'receipts'])
      if (JSON.stringify(await system.kafka.readAll(`qiyue.lift-inspection.${topic}`)).includes(phone)) holds.push(topic);
    expect(holds).toEqual([]);
  });

  it('is reminded of, missed and escalated by its own ladder, each step once, and tells those who have to know', async () => {
    const id = climbing;
    const events = await eventually(
      'the whole ladder',
      async () => {
        const { body } = await get(supervisor, `/${id}/history`);
        const all = body['events'] as readonly Body[];
        return all.filter(({ type }) => type === 'Escalated').length === 2 && all;
      },
      120_000,
    );
    expect(events.map(({ type }) => type)).toEqual(['InspectionScheduled', 'DeadlineApproaching', 'DeadlineMissed', 'Escalated', 'Escalated']);
    const told = (who: Who, types: readonly string[]): Promise<readonly Body[]> =>
      eventually(`notices for ${who.actor}`, async () => {
        const { body } = await system.request('GET', '/v1/inbox?limit=100', { as: who, headers: { 'accept-language': 'en' } });
        const items = (body['items'] as readonly Body[]).filter((item) => item['liftInspectionId'] === id);
        return types.every((type) => items.some((item) => item['type'] === type)) && items;
      });
    const inbox = await told(department, ['InspectionScheduled', 'DeadlineApproaching', 'DeadlineMissed', 'Escalated']);
    expect(inbox.find(({ type }) => type === 'DeadlineApproaching')).toMatchObject({
      title: '1号楼1梯 inspection due soon',
      text: expect.stringMatching(new RegExp(`1号楼1梯 inspection due soon .*2025, 18:00\n/lift-inspections/${id}$`)),
    });
    await told(centre, ['DeadlineMissed', 'Escalated']);
    expect((await told(supervisor, ['Escalated'])).map(({ type }) => type)).toEqual(['Escalated']);
    const { out } = await qiyue(['lift-inspection', 'history', id, '--lang', 'zh-CN'], supervisor);
    expect(out).toMatch(/临期提醒[^]*逾期[^]*催检/);
    expect((await get(resident, `/${id}`)).body).toMatchObject({ light: 'red', clock: { escalatedTo: 2 } });
  }, 150_000);

  it('moves with a calendar that is imported while it runs, and says why', async () => {
    const id = await scheduled();
    const due = String((await seen(supervisor, id, 1))['dueAt']);
    const holiday = { date: due.slice(0, 10), kind: 'holiday', name: '县庆' };
    const isMakeUp = CHINA_2024_2026.makeUpDays.some(({ date }) => date === holiday.date);
    const file = resolve(system.dataDir, 'county.json');
    const changes = isMakeUp ? { add: [], remove: [holiday.date] } : { add: [holiday], remove: [] };
    writeFileSync(file, JSON.stringify({ version: 'county.1', basedOn: CHINA_2024_2026.version, name: '县历', ...changes }));
    expect(await json('calendar', 'import', file)).toMatchObject({ retime: { state: 'finished', failed: [] } });
    const { body } = await get(supervisor, `/${id}/history`);
    const moved = (body['events'] as readonly Body[]).find(({ type }) => type === 'DeadlineMoved');
    expect(moved?.['data']).toMatchObject({ stage: 'scheduled', cause: 'calendar', oldDueAt: due, deadline: { policy: 'lift-inspection-1' } });
    expect(Date.parse(String((moved?.['data'] as Body)['dueAt']))).toBeGreaterThan(Date.parse(due));
  }, 60_000);

  it('takes commands from its own topic, and puts its events on its own', async () => {
    const { body: sealed } = await system.post('/v1/privacy/sealed-bodies', property, {
      aggregate: 'lift-inspection',
      command: 'schedule',
      body: VISIT,
    });
    const [begin, inspect] = [randomUUID(), randomUUID()];
    await system.kafka.send({ id: begin, aggregate: 'lift-inspection', type: 'schedule', data: sealed['body'], token: await system.token(property) });
    const begun = await outcomeOf(begin);
    const id = String(begun['liftInspectionId']);
    expect(begun).toMatchObject({ state: 'accepted', seq: 1 });
    await system.kafka.send({
      id: inspect,
      aggregate: 'lift-inspection',
      type: 'inspect',
      subject: id,
      data: { passed: true },
      token: await system.token(department),
    });
    expect(await outcomeOf(inspect)).toMatchObject({ state: 'accepted', liftInspectionId: id });
    const published = await eventually('its events', async () => {
      const messages = (await system.kafka.readAll('qiyue.lift-inspection.events')).filter(({ key }) => key === id);
      return messages.length >= 2 && messages.map(({ value }) => JSON.parse(value ?? '') as Body);
    });
    expect(published[0]).toMatchObject({
      type: 'qiyue.lift-inspection.InspectionScheduled.v1',
      source: '/qiyue/lift-inspection',
      id: `${id}:1`,
      subject: id,
    });
  });

  it('sets aside on its own topic what can never be taken, how to reach somebody in the open too', async () => {
    const [unknown, open] = [randomUUID(), randomUUID()];
    const token = await system.token(property);
    await system.kafka.send({ id: unknown, aggregate: 'lift-inspection', type: 'demolish', data: {}, token });
    await system.kafka.send({ id: open, aggregate: 'lift-inspection', type: 'schedule', data: VISIT, token });
    expect(await outcomeOf(open)).toMatchObject({ state: 'dead', code: 'plain-personal-data' });
    const letters = await eventually('both letters', async () => {
      const all = await system.kafka.readAll('qiyue.lift-inspection.commands.dead');
      const ours = [unknown, open].map((id) => all.find(({ value }) => value?.includes(id)));
      return ours.every((letter) => letter !== undefined) && ours;
    });
    expect(letters.map((letter) => letter?.headers['reason'])).toEqual(['malformed', 'plain-personal-data']);
    expect(JSON.stringify(letters)).not.toContain(PHONE);
  });

  it('stands in the documents with its routes, its topics and its words', async () => {
    const { body: openapi } = await system.request('GET', '/openapi.json');
    const paths = Object.keys(openapi['paths'] as object).filter((path) => path.startsWith('/v1/lift-inspections'));
    const of = (rest: string): string => `/v1/lift-inspections/{liftInspectionId}/${rest}`;
    expect(paths).toEqual(
      expect.arrayContaining(['/v1/lift-inspections', ...['inspect', 'repair', 'close', 'history', 'at', 'changes', 'files'].map(of)]),
    );
    const { body: asyncapi } = await system.request('GET', '/asyncapi.json');
    const addresses = Object.values(asyncapi['channels'] as Readonly<Record<string, Body>>).map(({ address }) => address);
    for (const topic of ['commands', 'events', 'commands.dead']) expect(addresses).toContain(`qiyue.lift-inspection.${topic}`);
  });

  it('has verbs on the command line, and its history in words', async () => {
    const begun = JSON.parse((await qiyue(['lift-inspection', 'schedule', JSON.stringify(VISIT), '--json'], property)).out) as Body;
    const id = String(begun['liftInspectionId']);
    expect(JSON.parse((await qiyue(['lift-inspection', 'inspect', id, '{"passed":true}', '--json'], department)).out)).toMatchObject({
      stage: 'inspected',
    });
    expect(JSON.parse((await qiyue(['lift-inspection', 'show', id, '--json'], department)).out)).toMatchObject({
      liftInspectionId: id,
      phone: PHONE,
    });
    const { out } = await qiyue(['lift-inspection', 'history', id, '--lang', 'en'], department);
    expect(out).toMatch(/InspectionScheduled[^]*LiftInspected/);
    expect((await qiyue(['lift-inspection', '--help', '--lang', 'en'])).out).toMatch(/schedule \[options\] <body>[^]*have a lift inspected/);
  });

  it('is refused by the command line, in a sentence, where a command of it is called like a verb that every kind has', async () => {
    const odd = resolve(system.dataDir, 'odd.js');
    writeFileSync(
      odd,
      `const { aggregate } = require('${MORE_AGGREGATES[0]}');
       exports.aggregate = { ...aggregate, commands: { ...aggregate.commands, history: aggregate.commands.close } };`,
    );
    expect(await qiyue(['--help', '--lang', 'en'], operator, { QIYUE_MORE_AGGREGATES: odd })).toEqual({
      code: 1,
      out: "QIYUE_MORE_AGGREGATES names a kind of entity that the command line cannot have: cannot add command 'history' as already have command 'history'\n",
    });
  });

  it('is one of the kinds that the feed is asked for by name', async () => {
    const stopped = new AbortController();
    const response = await fetch(`${system.base}/v1/events?aggregates=lift-inspection&types=InspectionScheduled`, {
      headers: { authorization: `Bearer ${await system.token(supervisor)}` },
      signal: stopped.signal,
    });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString('utf8');
      if (text.split('\n\n').filter((event) => event.includes('data:')).length >= 3) break;
    }
    stopped.abort();
    const sources = [...text.matchAll(/"source":"([^"]+)"/g)].map(([, source]) => source);
    expect([response.status, new Set(sources)]).toEqual([200, new Set(['/qiyue/lift-inspection'])]);
  });

  it('is verified, reconciled and made anew like every other, to the byte', async () => {
    const serving = async (): Promise<string> => String((await modelPointers(system.store.db).findOne({ _id: 'lift-inspections' }))?.active);
    const documents = async () => system.store.db.collection(await serving());
    const climbing = { 'view.clock.steps': { $elemMatch: { firedAt: null } } };
    await eventually('all ladders to have ended', async () => (await (await documents()).countDocuments(climbing)) === 0, 120_000);
    await eventually('every document to be there', async () => (await json('projections', 'verify'))['ok'] === true, 60_000);
    const read = async (): Promise<string> => JSON.stringify(await (await documents()).find().sort({ _id: 1 }).toArray());
    const before = await read();
    expect(await json('projections', 'rebuild')).toMatchObject({ models: { 'lift-inspections': { changed: 0, setAside: [] } } });
    expect(await read()).toBe(before);
    expect(await json('audit', 'reconcile')).toMatchObject({ ok: true, findings: [] });
    expect(await json('audit', 'verify')).toMatchObject({ ok: true });
    expect(await json('upgrade', 'check')).toMatchObject({ diverged: [], stuck: [] });
    const { troubles } = await json('status');
    const troubled = Object.entries(troubles as Readonly<Record<string, Body>>).flatMap(([kind, { count }]) => (count === 0 ? [] : [[kind, count]]));
    expect(troubled).toEqual([['dead-letter', 2]]); // the two that were sent above
  }, 300_000);

  it('is part of what a person is given and of what is erased for them', async () => {
    const writer: Who = { actor: 'property-2', role: 'property', unit: '幸福物业' };
    const { body } = await post(writer, '', { ...VISIT, phone: '13500002222' });
    const id = String(body['liftInspectionId']);
    const { body: exported } = await system.post('/v1/privacy/exports', writer, {});
    expect(exported).toMatchObject({
      begun: [{ liftInspectionId: id }],
      records: [{ liftInspectionId: id, type: 'InspectionScheduled', data: { phone: '13500002222' } }],
      commands: [{ liftInspectionId: id, command: 'schedule', outcome: 'accepted' }],
    });
    await done(department, id, 'inspect', { passed: true });
    await done(centre, id, 'close', {});
    const asked = await system.post('/v1/privacy/erasures', operator, { subject: writer.actor });
    expect(asked).toMatchObject({ status: 202, body: { holds: [] } });
    const second: Who = { actor: 'operator-2', role: 'operator' };
    expect((await system.post(`/v1/privacy/erasures/${String(asked.body['erasureId'])}/approve`, second, {})).status).toBe(200);
    await eventually('nobody to see it', async () => (await get(supervisor, `/${id}`)).body['phone'] === null);
    expect(await json('audit', 'verify')).toMatchObject({ ok: true });
  });

  it('ran on processes of which none has ended', () => expect(system.crashes).toEqual([]));
});
