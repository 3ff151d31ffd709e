import { randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT, AUDIT_TOPIC, exportFacts, Journal, verifyFactsFile, withSource } from '@qiyue/audit';
import { KafkajsEventBus } from '@qiyue/platform';
import { toShanghaiIso } from '@qiyue/engine';
import { FeedReader, LedgerStore, Relay, toCloudEvent } from '@qiyue/engine-runtime';
import { ensureTopics } from '@qiyue/stack';
import { createTopics, eventually, freshStore, serversFromEnv, withAdmin } from '@qiyue/testkit';

const ANN = { id: 'ann', role: 'supervisor', unit: null };
const DAY_MS = 86_400_000;

/** Records of access are kept outside of the database and of this host: on their topic for ever, and in files out of it. */
describe('facts outside of the host', () => {
  const topic = `t${randomBytes(5).toString('hex')}.${AUDIT_TOPIC}`;
  const brokers = serversFromEnv().kafka.split(',');
  let folder: string;
  let database: Awaited<ReturnType<typeof freshStore>>;
  const at = (name: string): string => join(folder, name);
  const verdictOf = (path: string) => verifyFactsFile(createInterface({ input: createReadStream(path, 'utf8') }));
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-facts-'));
    database = await freshStore();
    await createTopics([topic], 3);
    const facts = new LedgerStore(database.store.db, AUDIT);
    await facts.ensureIndexes();
    // Half a year ago, and now: of two processes.
    const [before, now] = [
      new Journal(facts, 'api', { warn: () => undefined }, () => Date.now() - 183 * DAY_MS),
      new Journal(facts, 'intake', { warn: () => undefined }),
    ];
    await withSource({ way: 'session', address: '192.0.2.1' }, async () => {
      for (let n = 0; n < 20; n += 1) await before.insist(ANN, { type: 'PersonalDataSeen', data: { needId: `n${n}`, fields: ['contact'] } });
    });
    for (let n = 0; n < 10; n += 1)
      await now.insist(ANN, { type: 'Exported', data: { what: 'events', subject: null } }, { way: 'kafka', address: 't/0/1' });
    await Promise.all([before.close(), now.close()]);
    const publisher = new KafkajsEventBus(brokers, 'facts').publisher();
    const relay = new Relay(facts, {
      publish: (batch) =>
        publisher.send(
          topic,
          batch.map(({ document, position }) => ({ key: document.entity, value: JSON.stringify(toCloudEvent(document, position)) })),
        ),
    });
    const relaying = relay.run();
    const total = await facts.ledger.countDocuments();
    await eventually('the feed', async () => (await new FeedReader(facts).headPosition()) === total, 30_000);
    relay.stop();
    await relaying;
    // What a relay that was cut off sends a second time, and what somebody else put there.
    const [again] = await new FeedReader(facts).after(0, 1);
    if (again !== undefined) await publisher.send(topic, [{ key: again.document.entity, value: JSON.stringify(toCloudEvent(again.document)) }]);
    await publisher.send(topic, [{ key: 'x', value: 'no fact' }]);
    await publisher.close();
  }, 90_000);
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are in a file that proves itself without any server, each once, with the way in and the address', async () => {
    const result = await exportFacts({ brokers, topic }, at('all.jsonl'), { from: null, to: null, exportedAt: toShanghaiIso(Date.now()) });
    expect(result).toEqual({ records: 32, left: 1 }); // with the opening of each journal; the message of somebody else is left out
    expect(await verdictOf(at('all.jsonl'))).toEqual({ ok: true, records: 32, streams: 2, findings: [] });
    const text = readFileSync(at('all.jsonl'), 'utf8');
    expect(text).toContain('\\"from\\":{\\"address\\":\\"192.0.2.1\\",\\"way\\":\\"session\\"}');
    expect((statSync(at('all.jsonl')).mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(folder)).toEqual(['all.jsonl']);
  }, 60_000);

  it('can be taken month by month: a file of a time is whole for itself', async () => {
    const bound = toShanghaiIso(Date.now() - DAY_MS);
    const [old, recent] = [
      { from: null, to: bound },
      { from: bound, to: null },
    ];
    expect(await exportFacts({ brokers, topic }, at('old.jsonl'), { ...old, exportedAt: bound })).toMatchObject({ records: 21 });
    expect(await exportFacts({ brokers, topic }, at('recent.jsonl'), { ...recent, exportedAt: bound })).toMatchObject({ records: 11 });
    expect([(await verdictOf(at('old.jsonl'))).ok, (await verdictOf(at('recent.jsonl'))).ok]).toEqual([true, true]);
  }, 60_000);

  it('stay on their topic for ever, also where somebody had set it to a week', async () => {
    const retention = () =>
      withAdmin(brokers, async (admin) => {
        const { resources } = await admin.describeConfigs({
          includeSynonyms: false,
          resources: [{ type: 2, name: AUDIT_TOPIC, configNames: ['retention.ms'] }],
        });
        return resources[0]?.configEntries.find(({ configName }) => configName === 'retention.ms')?.configValue;
      });
    await ensureTopics(brokers.join(','), []);
    expect(await retention()).toBe('-1');
    await withAdmin(brokers, (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: 2, name: AUDIT_TOPIC, configEntries: [{ name: 'retention.ms', value: String(7 * DAY_MS) }] }],
      }),
    );
    await eventually('the week', async () => (await retention()) === String(7 * DAY_MS));
    await ensureTopics(brokers.join(','), []);
    expect(await retention()).toBe('-1');
  }, 60_000);
});
