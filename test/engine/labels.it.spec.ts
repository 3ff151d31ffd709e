import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { workflowIdOf } from '@qiyue/engine';
import { anyDecider, type Command } from '@qiyue/engine-runtime';
import { needPlan } from '@qiyue/campaign';
import { needDecider } from '@qiyue/need-domain';
import { EngineBench, bundleOf, commandFor, eventually } from '@qiyue/testkit';

const WAIT_MS = 20_000;
const need = anyDecider(needDecider);
const PLAN = needPlan(1);
const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };

/** What Temporal keeps of a label, as its pages show it. */
const wordsOf = (payload: { readonly data?: Uint8Array | null } | null | undefined): string | null =>
  payload?.data ? String(JSON.parse(Buffer.from(payload.data).toString('utf8'))) : null;

describe('a need, as an operator reads it in Temporal’s own pages', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.create({ deciders: [need], bundle: await bundleOf(require.resolve('@qiyue/workflows-need')) });
    await bench.startWorker();
  }, 60_000);
  afterAll(() => bench.close());

  const led = async (steps: number, continueAfterUpdates?: number): Promise<string> => {
    const rules = { active: () => needDecider.rules ?? 1, known: () => needDecider.rules ?? 1 };
    const gateway = bench.gateway({ rules, ...(continueAfterUpdates === undefined ? {} : { continueAfterUpdates }) });
    let entity: string | null = null;
    for (const { command, body, as } of PLAN.slice(0, steps)) {
      const actor = { id: as.actor, role: as.role, unit: as.unit ?? null };
      const given = commandFor(need, command, body as Command['data'], { ...(entity === null ? {} : { entity }), actor });
      const sent: Command = { ...given, tables: TABLES };
      ({ entity } = sent);
      expect(await gateway.execute(sent, WAIT_MS)).toMatchObject({ outcome: { status: 'accepted' } });
    }
    return entity ?? '';
  };
  const detailsOf = async (entity: string): Promise<string> =>
    (await handleOf(entity).query<{ readonly currentDetails?: string }, []>('__temporal_workflow_metadata')).currentDetails ?? '';
  type Events = NonNullable<Awaited<ReturnType<ReturnType<typeof handleOf>['fetchHistory']>>['events']>;
  const handleOf = (entity: string) => bench.client.workflow.getHandle(workflowIdOf('need', entity));

  it('has its number and title, updates by the names of their commands, and timers that say what for', async () => {
    const entity = await led(2);
    const title = String((PLAN[0]?.body as { readonly title: string }).title);
    const described = await handleOf(entity).describe();
    const summary = await described.staticSummary();
    expect(summary).toMatch(new RegExp(`^\\d{6}-\\w{6}-\\w ${title}$`));

    const timersIn = (events: Events) =>
      events.flatMap(({ timerStartedEventAttributes: timer, userMetadata: said }) => (timer ? [wordsOf(said?.summary)] : []));
    const events = await eventually('the timer of its deadline', async () => {
      const found = (await handleOf(entity).fetchHistory()).events ?? [];
      return timersIn(found).some((words) => words?.includes(' by ')) && found;
    });
    const updates = events.flatMap(({ workflowExecutionUpdateAcceptedEventAttributes: update }) => update?.acceptedRequest?.input?.name ?? []);
    expect(updates).toEqual(PLAN.slice(0, 2).map(({ command }) => command));
    expect(timersIn(events)).toContainEqual(
      expect.stringMatching(/^tick: (claim|fund|finish works|evaluate) by \d{4}-\d\d-\d\d \d\d:\d\d: reminder$/),
    );

    const details = await detailsOf(entity);
    expect(details).toContain(`${summary}  \n`);
    expect(details).toMatch(/stage: \w+ {2}\nstatus: [\w-]+ {2}\nevents: 2 {2}\nnext: /);
  });

  it('keeps its title when it goes on in a run of its own', async () => {
    const entity = await led(PLAN.length - 1, 2);
    await eventually('a later run', async () => {
      const found = await handleOf(entity).describe();
      return found.raw.workflowExecutionInfo?.firstRunId !== found.runId;
    });
    expect(await detailsOf(entity)).toMatch(/^\d{6}-\w{6}-\w .+ {2}\nstage: /);
  });
});
