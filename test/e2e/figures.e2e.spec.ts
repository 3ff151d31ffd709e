import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PDF, XLSX } from '@qiyue/aggregate';
import { DEFAULT_POLICY_DOCUMENT, type PolicyDocument } from '@qiyue/civic-domain';
import { projected } from '@qiyue/engine-runtime';
import { needFigures, type Durations, type Rates, type Timeliness } from '@qiyue/need';
import type { SatisfactionList } from '@qiyue/reports';
import { BUREAU, eventually, HOME, PEOPLE, readPdf, startSystem, type System, type Who } from '@qiyue/testkit';
import readExcelFile from 'read-excel-file/node';
import { Steps } from './steps';

const SEEN_WITHIN_MS = 30_000;
const YEAR = new Date().getFullYear();
const SECRETS = /SECRET|resident-1|community-1|department-1/;
const { department, supervisor, resident } = PEOPLE;

/** An emergency has a second to be claimed. */
const POLICY: PolicyDocument = {
  ...DEFAULT_POLICY_DOCUMENT,
  version: 'second-1',
  deadlines: [
    { stage: 'submitted', urgency: 'emergency', within: { hours: 1 / 3_600 }, basis: 'test' },
    ...DEFAULT_POLICY_DOCUMENT.deadlines.filter(({ stage, urgency }) => stage !== 'submitted' || urgency !== 'emergency'),
  ],
};

describe('a county asks for its figures', () => {
  let system: System;
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-figures-'));

  const asked = async <A>(path: string, as: Who = supervisor): Promise<A> => {
    const { status, body } = await system.get(`/v1/stats/${path}`, as);
    expect([path, status]).toEqual([path, 200]);
    return body as unknown as A;
  };
  const fetched = async (path: string, accept: string): Promise<Buffer> => {
    const headers = { authorization: `Bearer ${await system.token(supervisor)}`, accept };
    return Buffer.from(await (await fetch(`${system.base}/v1/stats/${path}`, { headers })).arrayBuffer());
  };

  beforeAll(async () => {
    const file = join(folder, 'policy.json');
    writeFileSync(file, JSON.stringify(POLICY));
    system = await startSystem({ settings: { QIYUE_POLICY_FILE: file } });
    const steps = new Steps(system);
    for (const changes of [
      { compound: 'SECRET-compound', contact: 'SECRET-contact' },
      { title: '补种行道树', category: '绿化' },
    ]) {
      const needId = await steps.submit(changes);
      await steps.claim(needId);
      await steps.does(department, needId, 'fund', { amountFen: 860_000, source: 'donation', reference: '2024-07' });
      await steps.does(department, needId, 'complete', { evidence: [{ kind: 'note', text: 'SECRET-evidence' }] });
      await steps.does(PEOPLE.community, needId, 'accept', {});
      await steps.evaluate(needId, true);
    }
    await steps.submit({ urgency: 'emergency' });
    await eventually(
      'all of it to be counted',
      async () => {
        const [{ total }, { all }] = await Promise.all([asked<SatisfactionList>('satisfaction-list'), asked<Rates>('rates')]);
        return total === 2 && all.toAnswer === 3;
      },
      SEEN_WITHIN_MS,
    );
  }, 180_000);
  afterAll(async () => {
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('“How many of our works were in time this year?” asks a department', async () => {
    const { rows } = await asked<Timeliness>(`timeliness?by=unit&unit=${BUREAU}&from=${YEAR}-01-01&to=${YEAR}-12-31`, department);
    expect(rows).toMatchObject([
      { key: BUREAU, finished: 4, inTime: 4, late: 0, inTimeRate: 1, needs: { done: 2, inTime: 2, late: 0, inTimeRate: 1 } },
    ]);
  });

  it('“And of all, what is late that nobody has taken up?” asks a supervisor', async () => {
    const { rows } = await asked<Timeliness>(`timeliness?by=community`);
    expect(rows).toMatchObject([
      { key: HOME, inTime: 8, late: 1, overdue: 1, inTimeRate: 8 / 9, needs: { done: 2, inTime: 2, late: 1, inTimeRate: 2 / 3 } },
    ]);
  });

  it('“What are our three rates?” asks the county', async () => {
    const { all, rows } = await asked<Rates>(`rates?by=unit&year=${YEAR}`);
    expect(all).toMatchObject({ toAnswer: 3, answeredInTime: 2, responseRate: 2 / 3, resolutionRate: 1, satisfactionRate: 1 });
    expect(rows).toMatchObject([{ key: BUREAU, toAnswer: 2, responseRate: 1, closed: 2, solved: 2, evaluated: 2, satisfied: 2 }]);
  });

  it('“How long does this bureau take, typically and at worst?” asks a resident', async () => {
    const { rows } = await asked<Durations>(`durations?by=unit&unit=${BUREAU}`, resident);
    const told = { count: 2, medianHours: expect.any(Number), p90Hours: expect.any(Number), longestDays: expect.any(Number) };
    expect(rows).toMatchObject([{ key: BUREAU, claim: told, fund: told, works: told, evaluate: told, whole: told }]);
    expect(rows[0]?.whole.longestHours).toBeLessThan(1);
  });

  it('“Print the satisfaction list.” says the community', async () => {
    const list = await asked<SatisfactionList>(`satisfaction-list?year=${YEAR}&community=${HOME}`, PEOPLE.community);
    expect(list.items).toMatchObject([
      { title: '3号楼加装扶手', askedByName: '居民', unit: BUREAU, satisfied: true, amountFen: 860_000 },
      { title: '补种行道树', category: '绿化', residentScore: 5, communityScore: 5 },
    ]);
    const pdf = await fetched(`satisfaction-list?year=${YEAR}&community=${HOME}`, PDF);
    const printed = readPdf(pdf).text.replaceAll(/\s/g, '');
    for (const words of ['满意清单', HOME, BUREAU, '补种行道树', ...list.items.map(({ number }) => number)]) expect(printed).toContain(words);
    for (const said of [JSON.stringify(list), printed]) expect(said).not.toMatch(SECRETS);
  });

  it('“As a sheet, please.” says the one who files it', async () => {
    const [sheet] = await readExcelFile(await fetched(`satisfaction-list?category=绿化`, XLSX));
    expect([sheet?.sheet, sheet?.data.length, sheet?.data[1]?.[2]]).toEqual(['满意清单', 2, '补种行道树']);
    expect(JSON.stringify(sheet)).not.toMatch(SECRETS);
  });

  it('“And the same a year from now?” asks the auditor: made anew, the model is the same to the byte', async () => {
    const before = await asked<Rates>('rates?by=month');
    expect(await projected(system.store, needFigures).rebuild()).toMatchObject({ changed: 0, setAside: [] });
    expect(await asked<Rates>('rates?by=month')).toEqual(before);
  });
});
