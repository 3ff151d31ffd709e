import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { History } from '../reconcile/history-replay';
import { commandsIn, knownRunOf, type LedgerSide } from './known-run';

const NOTHING: LedgerSide = { records: [], outcomes: new Map() };
const payloads = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)!] });
const entry = (commandId: string, seq: number, hash: string) => ({
  commandId,
  fingerprint: `of ${commandId}`,
  outcome: { status: 'accepted', seq },
  records: [{ seq, hash }],
});
const historyOf = (...events: readonly object[]): History => ({ events }) as unknown as History;
const answered = (updateId: string, answer: object) => ({
  workflowExecutionUpdateCompletedEventAttributes: { meta: { updateId }, outcome: { success: payloads(answer) } },
});
const flushed = (eventId: number, ...entries: readonly object[]) => ({
  eventId,
  activityTaskScheduledEventAttributes: { input: payloads({ aggregate: 'a', entity: 'x', entries }) },
});

describe('what is known of a run', () => {
  it('is in the answers that its history holds, while the ledger lags', () => {
    const answer = { fingerprint: 'of k2', outcome: { status: 'refused', seq: 1, refusal: { code: 'no' } }, unconfirmed: [entry('k1', 1, 'h1')] };
    const { hashes, outcomes } = knownRunOf(NOTHING, historyOf(answered('k2', answer)));
    expect([...hashes]).toEqual([[1, 'h1']]);
    expect(Object.fromEntries(outcomes)).toEqual({
      k1: { fingerprint: 'of k1', status: 'accepted', seq: 1, code: null },
      k2: { fingerprint: 'of k2', status: 'refused', seq: 1, code: 'no' },
    });
    expect([...commandsIn(historyOf(answered('k2', answer)))]).toEqual(['k2']);
  });

  it('is what its flushes brought to the ledger, and not what code that was turned away asked for', () => {
    const completed = { activityTaskCompletedEventAttributes: { scheduledEventId: 5 } };
    const failed = { activityTaskFailedEventAttributes: { scheduledEventId: 9 } };
    const history = historyOf(flushed(5, entry('timer:x:2', 2, 'h2')), completed, flushed(9, entry('timer:x:3', 3, 'phantom')), failed);
    expect([...knownRunOf(NOTHING, history).hashes]).toEqual([[2, 'h2']]);
  });

  it('has the states of the answers, and not those of whoever flushed the same records', () => {
    const digest = { lead: '11111111' };
    const answer = { fingerprint: 'of k1', outcome: { status: 'accepted', seq: 1 }, unconfirmed: [{ ...entry('k1', 1, 'h1'), digest }] };
    const again = { ...entry('k1', 1, 'h1'), digest: { lead: '22222222' } };
    const alone = { ...entry('k2', 2, 'h2'), digest };
    const history = historyOf(answered('k1', answer), flushed(5, again, alone), { activityTaskCompletedEventAttributes: { scheduledEventId: 5 } });
    const { outcomes } = knownRunOf(NOTHING, history);
    expect(outcomes.get('k1')?.digest).toEqual(digest);
    expect(outcomes.get('k2')).toMatchObject({ seq: 2 });
    expect(outcomes.get('k2')?.digest).toBeUndefined();
  });

  it('is what the ledger holds, where the history says otherwise', () => {
    const answer = { fingerprint: 'of k1', outcome: { status: 'accepted', seq: 1 }, unconfirmed: [entry('k1', 1, 'h1')] };
    const kept = { fingerprint: 'of k1', status: 'refused', seq: 0, code: 'no' } as const;
    const known = knownRunOf(
      { records: [{ seq: 1, hash: 'other', canonical: '{}' }], outcomes: new Map([['k1', kept]]) },
      historyOf(answered('k1', answer)),
    );
    expect(known.hashes.get(1)).toBe('other');
    expect(known.outcomes.get('k1')).toEqual(kept);
  });

  it.each([
    { seconds: 90, nanos: 500_000_000 },
    { seconds: '90', nanos: 500_000_000 },
    { seconds: { toString: () => '90' }, nanos: 500_000_000 },
  ])('has the timers by their names, however their time is kept: %j', (startToFireTimeout) => {
    const summary = defaultPayloadConverter.toPayload('tick');
    const history = historyOf({ timerStartedEventAttributes: { timerId: '3', startToFireTimeout }, userMetadata: { summary } });
    expect([...knownRunOf(NOTHING, history).timers]).toEqual([['3', { ms: 90_500, type: 'tick' }]]);
  });

  it('leaves out what is not ours', () => {
    const strange = historyOf(
      answered('k1', { anything: 1 }),
      { workflowExecutionUpdateCompletedEventAttributes: {} },
      flushed(5),
      { timerStartedEventAttributes: {} },
      {},
    );
    expect(knownRunOf(NOTHING, strange)).toMatchObject({ hashes: new Map(), outcomes: new Map(), timers: new Map() });
    expect(knownRunOf(NOTHING, {} as History).outcomes.size).toBe(0);
  });
});
