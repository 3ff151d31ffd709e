import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { businessMsAt, instantMsOf, toShanghaiIso, type Pace } from '@qiyue/engine';
import { BUREAU, eventually, HOME, PEOPLE, startSystem, type Body, type System, type Who } from '@qiyue/testkit';
import { Steps } from './steps';

const { department, otherDepartment, resident, supervisor } = PEOPLE;
/** From a Monday morning on a day takes some hundred seconds. */
const MONDAY = '2025-07-07T08:30:00+08:00';
const TIMES_AS_FAST = 900;
/** What is asked between these is told on one morning. */
const [FIRST_HOUR, LAST_HOUR] = [9, 22];
const DAY_MAX_MS = 120_000;
/** The morning after the next, and the half minute in which the notifications look again. */
const MORNING_MAX_MS = 240_000;
const [LAMPS, WATER] = ['路灯照明', '给排水'];

/** Of the day in Shanghai. */
const hourAt = (pace: Pace): number => Number(toShanghaiIso(businessMsAt(pace, Date.now())).slice('2025-07-07T'.length, '2025-07-07T08'.length));
const isBetween = (hour: number, from: number, to: number): boolean => hour >= from && hour < to;

describe('“what is new for us today?”, asks a department in the morning', () => {
  let system: System;
  let steps: Steps;
  const asked = { lamp: '', lamps: '', drain: '' };

  /** What it has claimed before, somewhere else: by that the system knows a department's business. */
  const hasClaimed = async (who: Who, category: string, community: string): Promise<void> => {
    const needId = await steps.submit({ title: `${community}的${category}`, category, community }, { ...resident, unit: community });
    await steps.does(who, needId, 'claim', { unit: who.unit, plan: '两周内完工' });
    await eventually('the claim to be on record', async () => {
      const { body } = await system.get(`/v1/needs?unit=${who.unit}&category=${category}`, supervisor);
      return (body['items'] as readonly Body[]).length === 1;
    });
  };

  beforeAll(async () => {
    const pace: Pace = { realMs: Date.now(), businessMs: instantMsOf(MONDAY), factor: TIMES_AS_FAST };
    system = await startSystem({ pace });
    steps = new Steps(system);
    await hasClaimed(department, LAMPS, '城东社区');
    await hasClaimed(otherDepartment, WATER, '河西社区');
    await eventually('the day behind the opening', () => isBetween(hourAt(pace), FIRST_HOUR, LAST_HOUR), DAY_MAX_MS);
    asked.lamp = await steps.submit({ title: '3号楼楼道灯不亮', category: LAMPS });
    asked.lamps = await steps.submit({ title: '广场的灯整夜亮着', category: LAMPS });
    asked.drain = await steps.submit({ title: '下水道堵了', category: WATER });
  }, 300_000);
  afterAll(() => system?.stop(), 60_000);

  const digestsOf = async (who: Who): Promise<readonly Body[]> =>
    ((await system.get('/v1/inbox?limit=100', who)).body['items'] as readonly Body[]).filter(({ type }) => type === 'NewNeeds');
  const morning = (who: Who): Promise<readonly Body[]> =>
    eventually(
      'what is told in the morning',
      async () => {
        const digests = await digestsOf(who);
        return digests.length > 0 && digests;
      },
      MORNING_MAX_MS,
    );

  it('one notice, at the opening of the office: two needs for them, each with its page', async () => {
    const [digest, ...others] = await morning(department);
    expect(others).toEqual([]);
    expect(digest).toMatchObject({ title: '可认领的新需求 2 项', at: expect.stringMatching(/T08:00:00\.000\+08:00$/), asks: null });
    const lines = String(digest?.['text']).split('\n');
    expect(lines.filter((line) => line.startsWith('/needs/'))).toEqual([`/needs/${asked.lamp}`, `/needs/${asked.lamps}`]);
    expect(lines[0]).toMatch(new RegExp(`^1\\. 3号楼楼道灯不亮（\\d{6}-\\w{6}-\\w，${HOME}，认领期限`));
    expect((await fetch(`${system.base}/needs/${asked.lamp}`)).status).toBe(200);
  }, 300_000);

  it('it leads to the list of just these, and what they claim leaves it', async () => {
    const [digest] = await digestsOf(department);
    const list = String(digest?.['text']).split('\n').at(-1) ?? '';
    const idsIn = async (): Promise<readonly string[]> =>
      ((await system.get(list, department)).body['items'] as readonly Body[]).map(({ needId }) => String(needId)).sort();
    expect(await idsIn()).toEqual([asked.lamp, asked.lamps].sort());
    await steps.does(department, asked.lamp, 'claim', { unit: BUREAU, plan: '换灯' });
    await eventually('the claimed one to leave the list', async () => (await idsIn()).join() === asked.lamps);
  });

  it('the other department hears of its drain, and of no lamp', async () => {
    const [digest, ...others] = await morning(otherDepartment);
    expect(others).toEqual([]);
    expect(digest).toMatchObject({ title: '可认领的新需求 1 项' });
    expect(String(digest?.['text'])).toContain(`/needs/${asked.drain}`);
    expect(String(digest?.['text'])).not.toMatch(/灯/);
  });
});
