import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { asParked, DeadLetterRows, DeadLetters, ParkedCommands, skipParked, StandingMessages } from '@qiyue/edge';
import { KafkajsEventBus, type Publisher } from '@qiyue/platform';
import { CommandLog, Incidents, type LedgerStore } from '@qiyue/engine-runtime';
import { createTopics, freshStore, readTopic, serversFromEnv } from '@qiyue/testkit';

const ACTOR = { id: 'department-1', role: 'department', unit: '住建局' };

describe('a parked command that an operator gives up', () => {
  const dead = `skipped-${randomBytes(5).toString('hex')}.dead`;
  const needId = '0'.repeat(26);
  const bus = new KafkajsEventBus(serversFromEnv().kafka.split(','), 'test');
  let publisher: Publisher;
  let store: LedgerStore;
  let drop: () => Promise<void>;
  let parked: ParkedCommands;
  let incidents: Incidents;
  beforeAll(async () => {
    ({ store, drop } = await freshStore());
    publisher = bus.publisher();
    await createTopics([dead], 1);
    parked = new ParkedCommands(store.db);
    incidents = new Incidents(store.db);
  });
  afterAll(async () => {
    await publisher.close();
    await drop();
  });
  beforeEach(async () => {
    for (const { _id } of await parked.list()) await parked.remove(_id);
    for (const offset of [1, 2]) await park(offset);
    await incidents.note({ kind: 'command-parked', subject: needId, entity: needId, why: 'unknown' });
  });

  const idOf = (offset: number) => `commands:0:${offset}`;
  const park = (offset: number) =>
    parked.park({
      ...{ topic: 'commands', partition: 0, offset, key: needId, commandId: `k${offset}`, type: 'start', needId, actor: ACTOR },
      ...{ body: { note: `n${offset}` }, receivedAt: '2026-03-02T08:00:00.000+08:00', hash: `hash-${offset}`, why: 'unknown', attempts: 1 },
    });
  const skip = (offset: number, to: Pick<Publisher, 'send'> = publisher) => {
    const rows = new DeadLetterRows(store.db);
    const log = { warn: () => undefined, error: () => undefined };
    const letters = new DeadLetters('operator', { topic: dead, publisher: to, rows, log, cleaned: asParked });
    return skipParked({ parked, letters, rows, commandLog: new CommandLog(store), incidents }, idOf(offset));
  };
  const isIncident = async () => (await incidents.counts())['command-parked'] === 1;

  it('is a dead letter that nobody has to look at, its id says so, and the next of its key takes its place', async () => {
    expect(await skip(1)).toMatchObject({ commandId: 'k1', actor: ACTOR });
    expect(await parked.headOf(needId)).toBe(idOf(2));
    expect(await store.commands.findOne({ _id: 'k1' })).toMatchObject({ state: 'dead', code: 'skipped', entity: needId, actor: ACTOR });
    const [letter] = await readTopic(dead, (seen) => seen.length === 1);
    expect(letter?.headers).toMatchObject({ reason: 'skipped', 'source-offset': '1', 'source-sha256': 'hash-1' });
    expect(JSON.parse(letter?.value ?? '')).toMatchObject({ id: 'k1', subject: needId, data: { note: 'n1' } });
    expect(await new StandingMessages(store.db).find(idOf(1))).toMatchObject({ state: 'dead', why: 'skipped', commandId: 'k1', entity: needId });
    expect((await new StandingMessages(store.db).list()).map(({ id, state }) => [id, state])).toEqual([[idOf(2), 'parked']]);
  });

  it('is no trouble any more once it was the last of its key, and one as long as another stands behind it', async () => {
    await skip(1);
    expect(await isIncident()).toBe(true);
    await skip(2);
    expect(await isIncident()).toBe(false);
  });

  it('stays where it is while an intake tries it, and is not there when it has its outcome', async () => {
    expect(await parked.lease(idOf(1), 'an intake')).not.toBeNull();
    expect(await skip(1)).toBe('busy');
    expect(await parked.headOf(needId)).toBe(idOf(1));
    await parked.remove(idOf(1));
    expect(await skip(1)).toBeNull();
  });

  it('is not forgotten when the broker is away: it stays parked', async () => {
    const away: Pick<Publisher, 'send'> = { send: () => Promise.reject(Object.assign(new Error('nobody listens'), { code: 'ECONNREFUSED' })) };
    await expect(skip(2, away)).rejects.toThrow('nobody listens');
    expect((await parked.list()).map(({ _id }) => _id)).toEqual([idOf(1), idOf(2)]);
    expect(await isIncident()).toBe(true);
  });
});
