import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Trail } from '@qiyue/engine-runtime';
import { eventually, type Body } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, OPERATOR, RESIDENT } from './testing/people';
import { RecordedFacts } from './testing/recorded-facts';

const CENTRE = { actor: 'centre-1', role: 'centre' };
const PLACE = { lat: 35.60421, lng: 110.97913 };

describe('what is held about a person', () => {
  let bench: ApiBench;
  let facts: RecordedFacts;
  let needId: string;
  beforeAll(async () => {
    bench = await ApiBench.create();
    facts = new RecordedFacts(bench.engine.db);
    needId = String((await bench.post('/v1/needs', RESIDENT, { ...NEED, compound: '幸福里小区', location: PLACE })).body['needId']);
    await bench.post('/v1/needs', NEIGHBOUR, { ...NEED, contact: '13700000000' });
    await bench.post(`/v1/needs/${needId}/inspect`, COMMUNITY, { notes: '现场核实' });
    await bench.post(`/v1/needs/${needId}/fund`, RESIDENT, { amountFen: 1, source: 'donation', reference: 'x' });
    await bench.get(`/v1/needs/${needId}?minSeq=2`, COMMUNITY);
    await bench.send('PUT', '/v1/directory', {
      as: OPERATOR,
      body: { persons: [{ id: 'r-1', role: 'resident', email: 'r1@example.org' }], robots: [] },
    });
    await new Trail(bench.engine.db).catchUp(bench.engine.store);
  }, 60_000);
  afterAll(async () => {
    await facts.close();
    await bench.close();
  });

  it('is given to them, readable, with nothing of anybody else', async () => {
    await eventually('the look of the community', async () => (await facts.list({ entity: needId, type: 'PersonalDataSeen' }))[0]);
    const { status, body, headers } = await bench.post('/v1/privacy/exports', RESIDENT, {});
    expect([status, headers.get('content-disposition'), headers.get('cache-control')]).toEqual([
      200,
      expect.stringMatching(/^attachment/),
      'no-store',
    ]);
    expect(body).toMatchObject({ subject: 'r-1', needs: [needId], isComplete: true, directory: [{ email: 'r1@example.org' }] });
    expect((body['records'] as Body[]).map(({ type, data }) => [type, (data as Body)['contact'], (data as Body)['location']])).toEqual([
      ['NeedSubmitted', NEED.contact, PLACE],
    ]);
    expect(body['commands']).toContainEqual(expect.objectContaining({ command: 'fund', outcome: 'refused', code: 'not-permitted' }));
    expect(body['looks']).toContainEqual(expect.objectContaining({ needId, role: 'community', unit: NEED.community }));
    expect(JSON.stringify(body)).not.toMatch(/sealed:v1|13700000000|r-2|c-1/);
  });

  it('says in it for whom it was made, by whom and when, and is on record', async () => {
    const { body } = await bench.post('/v1/privacy/exports', CENTRE, { subject: 'r-1' });
    expect(body['watermark']).toMatch(/^Qiyue 契约: r-1; centre-1 \(centre\) \d{4}-\d\d-\d\dT/);
    const found = await eventually('the record', async () => {
      const rows = await facts.list({ type: 'Exported', subject: 'r-1' });
      return rows.some(({ actor }) => actor.id === 'centre-1') ? rows : null;
    });
    expect(found).toContainEqual(expect.objectContaining({ data: expect.objectContaining({ what: 'personal-data', subject: 'r-1' }) }));
  });

  it('is not given to anybody else, an operator neither', async () => {
    for (const who of [NEIGHBOUR, COMMUNITY, DEPARTMENT, OPERATOR])
      expect(await bench.post('/v1/privacy/exports', who, { subject: 'r-1' })).toMatchObject({ status: 403 });
  });

  it('is nothing but a record of acting once it is erased', async () => {
    expect((await bench.erase('r-1')).status).toBe(200);
    const body = await eventually('nothing to open', async () => {
      const answer = (await bench.post('/v1/privacy/exports', CENTRE, { subject: 'r-1' })).body;
      return ((answer['records'] as Body[])[0]?.['data'] as Body)['contact'] === null && answer;
    });
    expect(body).toMatchObject({ files: [], inbox: [], directory: [], records: [{ type: 'NeedSubmitted', data: { title: NEED.title } }] });
  });
});
