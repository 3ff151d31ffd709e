import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Letter } from '@qiyue/edge';
import type { IncomingMessage } from '@qiyue/platform';
import { KnownHashes, toCloudEvent, type LedgerDocument, type LedgerStore, type ReceivedRecord } from '@qiyue/engine-runtime';
import { freshStore, notedStream } from '@qiyue/testkit';
import { EventsOnce } from './events-once';
import { ProjectionBatches } from './projection-batches';

const ENTITY = '0123456789abcdefghjkmnpqrs';
const alive = () => Promise.resolve();
let store: LedgerStore;
let drop: () => Promise<void>;
let applied: ReceivedRecord[];
let letters: (Letter & { readonly offset: string })[];
let asides: string[];
let batches: ProjectionBatches;

beforeEach(async () => {
  ({ store, drop } = await freshStore());
  [applied, letters, asides] = [[], [], []];
  batches = new ProjectionBatches(
    { apply: async (records) => void applied.push(...records) },
    { add: async (entity) => void asides.push(entity) },
    ['need'],
    { send: async ({ offset }, letter) => void letters.push({ ...letter, offset }) },
    new EventsOnce(),
    new KnownHashes(store).of,
  );
});
afterEach(() => drop());

const messagesOf = (documents: readonly LedgerDocument[]): readonly IncomingMessage[] =>
  documents.map((document, i) => {
    const value = JSON.stringify(toCloudEvent(document, i + 1));
    return { topic: 't', partition: 0, offset: String(i), key: document.entity, value, headers: {}, timestampMs: 0 };
  });

it('applies no event that fits behind the last one and that the ledger does not hold, and says so', async () => {
  const honest = notedStream(ENTITY, 3);
  const forged = notedStream(ENTITY, 4).slice(3);
  const other = notedStream(ENTITY, 2, () => 'another story').slice(1);
  await store.ledger.insertMany([...honest]);
  await batches.apply(messagesOf([...honest.slice(0, 2), ...other, ...honest.slice(2), ...forged]), alive);
  expect(applied.map(({ hash }) => hash)).toEqual(honest.map(({ hash }) => hash));
  const reason = 'the ledger does not hold this record';
  expect(letters).toMatchObject([
    { offset: '2', reason, entity: ENTITY },
    { offset: '4', reason, entity: ENTITY },
  ]);
  expect(asides).toEqual([]); // it is as the ledger says
});

it('waits a moment for what a replica has not got yet', async () => {
  const [first] = notedStream(ENTITY, 1) as readonly [LedgerDocument];
  const applying = batches.apply(messagesOf([first]), alive);
  await store.ledger.insertOne(structuredClone(first));
  await applying;
  expect([applied.length, letters]).toEqual([1, []]);
});

it('passes by what is no event of its models, whatever it is keyed by, and says so: nobody can set an entity aside by writing to the topic', async () => {
  const honest = notedStream(ENTITY, 2);
  const [first, second] = messagesOf(honest) as readonly [IncomingMessage, IncomingMessage];
  const forged = { ...(JSON.parse(first.value ?? '') as object), data: { note: 'forged' } };
  const junk = ['junk', '{}', null, JSON.stringify(forged)].map((value, i) => ({ ...first, value, offset: `${10 + i}` }));
  await store.ledger.insertMany([...honest]);
  await batches.apply([first, ...junk, second], alive);
  await batches.setAside({ ...first, value: 'junk' }, { reason: 'malformed', detail: 'not UTF-8' });
  expect(applied.map(({ hash }) => hash)).toEqual(honest.map(({ hash }) => hash));
  expect(letters.map(({ offset, entity }) => [offset, entity])).toEqual(junk.map(({ offset }) => [offset, ENTITY]));
  expect(asides).toEqual([]);
});

it('sets aside the entity of an event that breaks whoever applies it, and nothing for a message that is none', async () => {
  const [first] = messagesOf(notedStream(ENTITY, 1)) as readonly [IncomingMessage];
  await batches.setAside({ ...first, value: 'junk' }, { reason: 'failed', detail: 'TypeError' });
  expect(asides).toEqual([]);
  await batches.setAside(first, { reason: 'failed', detail: 'TypeError' });
  expect(asides).toEqual([ENTITY]);
});
