import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { HOUR_MS, openRecord, plusMs, toShanghaiIso, workflowIdOf, type Actor } from '@qiyue/engine';
import { anyDecider, type Command } from '@qiyue/engine-runtime';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { needDecider } from '@qiyue/need-domain';
import { bundleOf, commandFor, EngineBench } from '@qiyue/testkit';

const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
const RESIDENT: Actor = { id: 'r-1', role: 'resident', unit: '幸福社区' };
const STRANGER: Actor = { id: 'r-2', role: 'resident', unit: '幸福社区' };
const COMMUNITY: Actor = { id: 'c-1', role: 'community', unit: '幸福社区' };
const BODY = { title: '灯', kind: 'tangible', urgency: 'emergency', items: [{ name: '灯', quantity: 1, unit: '盏' }], community: '幸福社区' };
const MINUTE_MS = 60_000;
/** As far as a run lets a time be ahead of its own; the reminder falls due before that. */
const [DUE_IN_MS, AHEAD_MS, TOO_FAR_MS] = [2 * MINUTE_MS, 4 * MINUTE_MS, 7 * MINUTE_MS];
const CLAIM_MS = 2 * HOUR_MS;
/** Of the emergency's claim. */
const REMINDED_BEFORE_MS = HOUR_MS;

describe('a refused command that is stamped ahead, past the edge', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.create({ deciders: [anyDecider(needDecider)], bundle: await bundleOf(require.resolve('@qiyue/workflows-need')) });
    await bench.startWorker();
  }, 60_000);
  afterAll(() => bench.close());

  const outcomeOf = async (command: Command): Promise<string> => {
    const answer = await bench.gateway().execute(command, 10_000);
    if (answer.kind !== 'outcome') return answer.kind;
    await answer.appended;
    return answer.outcome.status === 'refused' ? answer.outcome.refusal.code : answer.outcome.status;
  };

  it('fires no deadline of the need, whose history then replays to the same', async () => {
    const submittedAt = plusMs(toShanghaiIso(Date.now()), DUE_IN_MS + REMINDED_BEFORE_MS - CLAIM_MS);
    const submit: Command = { ...commandFor(needDecider, 'submit', BODY, { actor: RESIDENT }), receivedAt: submittedAt, tables: TABLES };
    expect(await outcomeOf(submit)).toBe('accepted');
    const { entity } = submit;
    const ahead = (type: string, data: Command['data'], actor: Actor, byMs = AHEAD_MS): Command => ({
      ...commandFor(needDecider, type, data, { entity, actor }),
      receivedAt: plusMs(toShanghaiIso(Date.now()), byMs),
    });
    expect(await outcomeOf(ahead('inspect', { notes: 'x' }, STRANGER))).toBe('not-permitted');
    expect(await outcomeOf(ahead('withdraw', { reason: 'x' }, STRANGER))).toBe('not-permitted');
    const typesNow = async () => (await bench.store.stream(entity)).map((record) => openRecord(record).type);
    expect(await typesNow()).toEqual(['NeedSubmitted']);
    expect(await outcomeOf(ahead('inspect', { notes: 'x' }, COMMUNITY, TOO_FAR_MS))).toBe('unknown');
    expect(await typesNow()).toEqual(['NeedSubmitted']);
    expect(await outcomeOf(ahead('inspect', { notes: 'x' }, COMMUNITY))).toBe('accepted'); // the edge would not have let it ahead
    expect(await typesNow()).toEqual(['NeedSubmitted', 'DeadlineApproaching', 'NeedInspected']);
    const workflowId = workflowIdOf(needDecider.aggregate, entity);
    const history = await bench.client.workflow.getHandle(workflowId).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle: await bundleOf(require.resolve('@qiyue/workflows-need')) }, history, workflowId);
    const markers = (history.events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) => Object.values(marker?.details ?? {}));
    const noted = markers.flatMap(({ payloads }) => payloads ?? []).map(({ data }) => Buffer.from(data ?? []).toString('utf8'));
    expect(noted.filter((text) => text.includes('refused-holds-clock'))).toHaveLength(1); // of the run, however often it was asked
  });
});
