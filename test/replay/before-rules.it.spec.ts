import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { sagasOf } from '@qiyue/aggregate';
import { judgeRuns, replayRuns } from '@qiyue/audit';
import { commandOf } from '@qiyue/edge';
import { quietTemporal } from '@qiyue/platform';
import { need, needsModel } from '@qiyue/need';
import {
  businessMsAt,
  instantMsOf,
  openRecord,
  sagaQueueOf,
  toShanghaiIso,
  workflowIdOf,
  type Actor,
  type CommandEnvelope,
  type EventRecord,
  type Pace,
  type ShellInput,
} from '@qiyue/engine';
import { anyDecider, EntityLooks, Incidents, SagaRunner, SagaRuns, toLedgerDocument, verifyLedger } from '@qiyue/engine-runtime';
import { needDecider, type NeedCommandType } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import { bundleOf, EngineBench, eventually, PEOPLE } from '@qiyue/testkit';
import * as deciders from './planted-deciders';
import { BEFORE_RULES, recordingOf } from './recordings';

jest.setTimeout(120_000); // a replay takes what the machine lets it

const WAIT_MS = 20_000;
const NEED = anyDecider(needDecider);
const actorOf = ({ actor: id, role, unit }: { readonly actor: string; readonly role: string; readonly unit: string }): Actor => ({ id, role, unit });
const [RESIDENT, COMMUNITY, DEPARTMENT] = [PEOPLE.resident, PEOPLE.community, PEOPLE.department].map(actorOf) as [Actor, Actor, Actor];
const COMPLETE = { evidence: [{ kind: 'note', text: '已完工' }] };
const evaluation = (side: string) => ({ side, score: 5, satisfied: true });

type Step = readonly [Actor, NeedCommandType, CommandEnvelope['data']];
const TO_THE_END: readonly Step[] = [
  [DEPARTMENT, 'start', {}],
  [DEPARTMENT, 'complete', COMPLETE],
  [COMMUNITY, 'accept', {}],
  [RESIDENT, 'evaluate', evaluation('resident')],
  [COMMUNITY, 'evaluate', evaluation('community')],
];
const CLAIM: Step = [DEPARTMENT, 'claim', { unit: DEPARTMENT.unit ?? '', plan: '两周内完工' }];
const FUND: Step = [DEPARTMENT, 'fund', { amountFen: 860_000, source: 'department', reference: '2024-07' }];

describe('a need that was open before rules had versions, with a merge under way', () => {
  let replaying: WorkflowBundleOption;
  beforeAll(async () => {
    await quietTemporal();
    replaying = await bundleOf(require.resolve('./planted'));
  }, 60_000);

  const judge = async (change: keyof typeof deciders): Promise<readonly string[]> => {
    const kinds: string[] = [];
    const runs = BEFORE_RULES.map((name) => recordingOf(name, change));
    for await (const { kind } of judgeRuns(replaying, anyDecider(deciders[change]), runs)) kinds.push(kind);
    return kinds;
  };

  it.each(['today', 'declared'] as const)('is the same by the code of %s, to the hash of each record', async (change) => {
    expect(await judge(change)).toEqual(BEFORE_RULES.map(() => 'same'));
  });

  it('shows a reminder that was moved and not declared', async () => {
    expect(await judge('reminderLater')).toContain('diverged');
  });

  describe('on the servers of today', () => {
    let bench: EngineBench;
    let pace: Pace;
    let ids: Readonly<Record<'adopted' | 'continued' | 'source' | 'target', string>>;
    beforeAll(async () => {
      const bundle = await bundleOf(require.resolve('@qiyue/workflows-need'));
      bench = await EngineBench.create({ deciders: [NEED], bundle, sagas: sagasOf([need]) });
      await bench.startWorker();
      const [adopted, continued, source, target] = BEFORE_RULES.map((name) => recordingOf(name, 'today'));
      const recorded = [adopted, continued, source, target].map((run) => run?.ledger.records ?? []);
      ids = Object.fromEntries(
        recorded.map(([first], i) => [['adopted', 'continued', 'source', 'target'][i], openRecord(first as EventRecord).entity]),
      ) as typeof ids;
      for (const records of recorded)
        await bench.store.insertInOrder(records.map((record, i) => toLedgerDocument(eventRecordOf(record, records[i - 1]))));
      const last = Math.max(...recorded.flat().map((record) => instantMsOf(openRecord(record).time)));
      pace = { realMs: Date.now(), businessMs: last + 1_000, factor: 1 };
      for await (const { run, replayed } of replayRuns(
        replaying,
        [adopted, continued, source, target].filter((each) => each !== undefined),
      ))
        await start(openRecord(run.ledger.records[0] as EventRecord).entity, replayed.last);
    }, 60_000);
    afterAll(() => bench.close());

    /** As it would be after continue-as-new: with all that it was, whichever code had made it. */
    const start = async (entity: string, carry: unknown): Promise<void> => {
      const input = { entity, carry, pace } as ShellInput<unknown>;
      await bench.client.workflow.start('need', { workflowId: workflowIdOf('need', entity), taskQueue: bench.taskQueue, args: [input] });
    };
    const runner = (): SagaRunner => {
      const { client, store, log, taskQueue } = bench;
      const runs = new SagaRuns(client, store, { taskQueue: sagaQueueOf(taskQueue) });
      return new SagaRunner({ gateway: bench.gateway({ pace }), log, looks: new EntityLooks(client, store, [NEED]), runs, sagas: sagasOf([need]) });
    };
    const now = (): string => toShanghaiIso(Math.floor(businessMsAt(pace, Date.now())));
    const commandFor = (commandId: string, [actor, type, data]: Step, entity: string) =>
      commandOf({ commandId, actor, channel: 'http', receivedAt: now() }, need, type, entity, data);
    const give = async (entity: string, steps: readonly Step[]): Promise<void> => {
      for (const [i, step] of steps.entries()) {
        const answer = await bench.gateway({ pace }).execute(commandFor(`${entity}-${i}`, step, entity), WAIT_MS);
        expect([step[1], answer]).toEqual([step[1], expect.objectContaining({ outcome: expect.objectContaining({ status: 'accepted' }) })]);
        if (answer.kind === 'outcome') await answer.appended;
      }
    };
    const typesOf = async (entity: string) => (await bench.store.stream(entity)).map(({ type }) => type);
    const viewOf = async (entity: string): Promise<NeedView | null> =>
      (await bench.store.stream(entity)).reduce<NeedView | null>((view, record) => needsModel.fold(view, openRecord(record), record.hash), null);

    it('has its half merge done by the command that was cut off, sent again under its id, and adopted once', async () => {
      const adoption = (await bench.store.stream(ids.target)).map(openRecord).find(({ type }) => type === 'NeedAdopted');
      const commandId = adoption?.commandId.replace(/:adopt$/, '') ?? '';
      const merge = commandFor(commandId, [COMMUNITY, 'merge', { into: ids.target }], ids.source);
      const merged = () => runner().execute(merge, WAIT_MS, () => Promise.resolve({ followers: [RESIDENT.id] }));
      for (const answer of [await merged(), await merged()])
        expect(answer).toMatchObject({ kind: 'outcome', outcome: { status: 'accepted', entity: ids.source } });
      await eventually('both in the ledger', async () => (await typesOf(ids.source)).at(-1) === 'NeedMerged');
      expect((await typesOf(ids.target)).filter((type) => type === 'NeedAdopted')).toHaveLength(1);
      expect((await viewOf(ids.target))?.adopted).toEqual([expect.objectContaining({ from: ids.source })]);
    });

    it('goes on to its end, in its first run and in one that was continued as new by the code of before', async () => {
      await give(ids.adopted, [CLAIM, FUND, ...TO_THE_END]);
      await give(ids.continued, TO_THE_END);
      for (const entity of [ids.adopted, ids.continued]) expect(await viewOf(entity)).toMatchObject({ stage: 'evaluated', adopted: [{}] });
    });

    it('leaves a ledger in which nothing is wrong, and nothing that stands aside', async () => {
      expect(await verifyLedger(bench.store)).toMatchObject({ ok: true, findings: [] });
      expect(await bench.store.forks.countDocuments()).toBe(0);
      expect(await new Incidents(bench.db).list()).toEqual([]);
    });
  });
});

const eventRecordOf = (record: Pick<EventRecord, 'seq' | 'hash' | 'canonical'>, before?: Pick<EventRecord, 'hash'>): EventRecord => {
  const { entity, prevHash } = openRecord(record);
  return { ...record, entity, prevHash: before?.hash ?? prevHash };
};
