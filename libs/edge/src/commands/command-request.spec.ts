import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { GENESIS_HASH, sealRecord } from '@qiyue/engine';
import { EVENT_BYTES_MAX, eventBytesOf, toCloudEvent, toLedgerDocument } from '@qiyue/engine-runtime';
import { need } from '@qiyue/need';
import { PUBLIC_NEED_COMMANDS } from '@qiyue/need-contracts';
import type { PublicNeedCommandType } from '@qiyue/need-domain';
import { PersonalSeal } from '@qiyue/privacy';
import { prepareRequest, type Prepared } from './command-request';

const seal = new PersonalSeal({
  of: () => Promise.resolve({ keyId: 'a'.repeat(32), secret: createHash('sha256').digest() }),
  has: () => Promise.resolve(true),
  byId: () => Promise.resolve(null),
  erase: () => Promise.resolve(null),
  destroy: () => Promise.resolve(false),
  settle: () => Promise.resolve(0),
});
const ACTOR = { id: '名'.repeat(200), role: 'department', unit: '局'.repeat(200) };
const NEED_ID = '0123456789abcdefghjkmnpqrs';

const words = (count: number): string => '中'.repeat(count);
const address = `https://a.example/${'x'.repeat(1_980 - 18)}`;
const entryOf = () => ({ kind: 'note', text: words(5_000), url: address });
const photos = Array.from({ length: 20 }, () => address);
const note = words(5_000);
const reason = words(1_000);

/** The largest body that each command's schema takes, but for `complete`. */
const LARGEST: Readonly<Record<Exclude<PublicNeedCommandType, 'complete'>, object>> = {
  submit: {
    title: '"'.repeat(200),
    description: words(5_000),
    kind: 'tangible',
    items: Array.from({ length: 100 }, () => ({ name: '"'.repeat(100), quantity: 999_999_999.999, unit: words(20) })),
    community: words(100),
    contact: words(200),
  },
  amend: { description: words(5_000), contact: words(200) },
  withdraw: { reason },
  reject: { reason },
  'report-in': { answer: 'not-ours', reason },
  'leave-project': { projectId: 'p'.repeat(200) },
  merge: { into: 'n'.repeat(200) },
  inspect: { notes: note, photos },
  claim: { unit: words(100), plan: '\\'.repeat(5_000), helpers: Array.from({ length: 20 }, () => words(100)) },
  return: { reason },
  fund: { amountFen: 1, source: 'donation', reference: words(200) },
  'adjust-funding': { deltaFen: 1, reason },
  'cancel-works': { reason },
  start: { note },
  progress: { note, photos },
  accept: { note },
  'refuse-works': { reason },
  evaluate: { side: 'resident', score: 1, satisfied: false, comment: words(2_000) },
  reopen: { reason },
  whistle: { units: Array.from({ length: 50 }, () => words(100)), note },
  dispatch: { unit: words(100), reason },
  correct: { community: words(100), compound: words(100), category: words(50), reason },
  'confirm-urgency': { urgency: 'normal', reason },
  sign: { note },
  pause: { waitingFor: words(200), reason },
  resume: { note },
  'request-extension': { workingDays: 1, reason },
  grant: { note },
  deny: { reason },
  join: { note },
  'share-contact': { unit: words(100) },
};

const prepare = (type: PublicNeedCommandType, body: object): Promise<Prepared> =>
  prepareRequest(
    {
      aggregate: 'need',
      commandId: 'k'.repeat(200),
      type,
      entity: NEED_ID,
      body,
      actor: ACTOR,
      channel: 'http',
      receivedAt: '2024-07-01T08:00:00.000+08:00',
      deadlineMs: 1,
    },
    need,
    seal,
  );

/** The CloudEvent that says all of the data, with the largest ladder that a policy may have. */
const publishedBytes = (data: object): number => {
  const at = '2024-07-01T08:00:00.000+08:00';
  const steps = Array.from({ length: 23 }, (_, level) => ({ kind: 'escalated', level, name: words(200), at }));
  const deadline = { from: at, dueAt: at, steps, policy: 'p'.repeat(64), calendar: 'c'.repeat(64) };
  const record = {
    ...{ v: 1 as const, aggregate: 'need', entity: NEED_ID, seq: 1, type: 'SomethingHappened', time: at, actor: ACTOR, commandId: 'k'.repeat(200) },
    ...{ data: { ...data, author: ACTOR, submittedAt: at, deadline, claimBy: at }, prevHash: GENESIS_HASH },
  };
  return Buffer.byteLength(JSON.stringify(toCloudEvent(toLedgerDocument(sealRecord(record)), Number.MAX_SAFE_INTEGER)));
};

describe('a command whose event could not be published', () => {
  it('is refused before anybody is asked, with its size and the limit: 50 pieces of evidence as long as they may be', async () => {
    const body = { evidence: Array.from({ length: 50 }, entryOf) };
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(1_000_000);
    const prepared = await prepare('complete', body);
    expect(prepared).toMatchObject({ ok: false, why: 'too-large', max: EVENT_BYTES_MAX });
    if (prepared.ok || prepared.why !== 'too-large') throw new Error('taken');
    expect(prepared.bytes).toBeGreaterThan(EVENT_BYTES_MAX);
  });

  it.each(Object.entries(LARGEST))('is no other command, however long its body: %s', async (type, body) => {
    const prepared = await prepare(type as PublicNeedCommandType, body);
    if (!prepared.ok) throw new Error(JSON.stringify(prepared));
    expect(publishedBytes(prepared.command.data)).toBeLessThanOrEqual(eventBytesOf(prepared.command));
  });

  it('begins exactly where its event may be larger than the limit', async () => {
    let taken = 0;
    for (let count = 25; count <= 50; count += 1) {
      const prepared = await prepare('complete', { evidence: Array.from({ length: count }, entryOf) });
      if (!prepared.ok) break;
      taken = count;
      expect(publishedBytes(prepared.command.data)).toBeLessThanOrEqual(EVENT_BYTES_MAX);
    }
    expect(taken).toBeGreaterThan(30);
    expect(taken).toBeLessThan(50);
  });

  it('has a row for every command', () => expect([...Object.keys(LARGEST), 'complete'].sort()).toEqual([...PUBLIC_NEED_COMMANDS].sort()));
});
