import type { History, QiyueClient } from '@qiyue/client';
import { toShanghaiIso } from '@qiyue/engine';
import { KeyedSemaphore } from '@qiyue/engine-runtime';
import type { Language } from '../../context';
import { eventually } from '../eventually';
import type { Rehearsal } from '../rehearsal';
import { CountyCast } from './county-cast';
import { atYearsEnd, type YearsEnd } from './years-end';
import { countyPlan, type CountyPlan, type PlannedNeed } from './plan';
import { ruiyuansRoof, type DecidedRoof } from './roof';

const SEED = 2024;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WORKS_DAYS = 3;
/** Longer than the policy gives, with any holidays between. */
const LATE = { claimDays: 16, worksDays: 40 };
/** Needs at a time: a machine that does not keep up has them later, instead of all of them late. */
const IN_HAND = 32;
const BUDGET_FEN = 100_000_000;
const PLEDGES = ['tangible', 'tangible', 'service'] as const;
const SATISFIED: readonly [resident: object, community: object] = [
  { score: 5, satisfied: true },
  { score: 5, satisfied: true },
];
const UNSATISFIED: typeof SATISFIED = [
  { score: 2, satisfied: false, comment: '没有做好' },
  { score: 3, satisfied: true },
];
type Pair = CountyPlan['pairs'][number];

export interface PlayedYear {
  readonly late: number;
  readonly returned: number;
  readonly reopened: number;
  readonly roof: DecidedRoof;
  /** What works have cost by the story, of the units' own money. */
  readonly paidFen: number;
  readonly end: YearsEnd;
}

/** A year of a county: all pledge, pair up, ask, claim, pay, build, accept and score. */
export const playCounty = async (
  rehearsal: Rehearsal,
  {
    year,
    needs,
    language,
    say,
  }: { readonly year: number; readonly needs: number; readonly language: Language; readonly say: (text: string) => void },
): Promise<PlayedYear> => {
  const plan = countyPlan(SEED, needs);
  const cast = new CountyCast(rehearsal, language);
  const county = new County(plan, cast, rehearsal, year, monthSayer(say, language));
  await county.opens();
  say(
    language === 'zh-CN'
      ? `${plan.units.length} 个单位承诺并结对，${needs} 件需求陆续提出……`
      : `${plan.units.length} units pledge and pair up; ${needs} needs come in …`,
  );
  const [roof] = await Promise.all([ruiyuansRoof(cast, rehearsal), county.livesAll()]);
  return county.closes(roof);
};

type MonthSayer = (month: number, submitted: number, evaluated: number) => void;

const monthSayer =
  (say: (text: string) => void, language: Language): MonthSayer =>
  (month, submitted, evaluated) =>
    say(
      language === 'zh-CN'
        ? `${month} 月：提出 ${submitted} 件，评价 ${evaluated} 件`
        : `month ${month}: ${submitted} submitted, ${evaluated} evaluated`,
    );

class County {
  /** By unit: its year, and what it has pledged that has no need yet. */
  private readonly years = new Map<string, { readonly id: string; readonly open: { readonly pledgeId: string; readonly kind: string }[] }>();
  /** Pairs whose item has no need yet, by unit: that of the first of theirs becomes it. */
  private readonly contracts = new Map<string, Pair & { readonly contractId: string }>();
  private readonly lateNeeds: string[] = [];
  private month = 1;
  private submitted = 0;
  private evaluated = 0;
  private paidFen = 0;
  private returned = 0;
  private reopened = 0;

  constructor(
    private readonly plan: CountyPlan,
    private readonly cast: CountyCast,
    private readonly rehearsal: Rehearsal,
    private readonly year: number,
    private readonly saysMonth: MonthSayer,
  ) {}

  async opens(): Promise<void> {
    await Promise.all(this.plan.units.map((unit) => this.opensYear(unit)));
    await Promise.all(this.plan.pairs.map((pair) => this.pairsUp(pair)));
  }

  private async opensYear(unit: string): Promise<void> {
    const { cast } = this;
    const [centre, department] = [cast.of('centre'), cast.of('department', unit)];
    const id = await cast.starts(centre, 'unit-years', { unit, year: this.year }, 'unitYearId');
    await cast.does(centre, 'unit-years', id, 'set-budget', { amountFen: BUDGET_FEN, reference: '年度为民办实事经费' });
    for (const [i, kind] of PLEDGES.entries()) await cast.does(department, 'unit-years', id, 'pledge', { kind, title: `${unit}第${i + 1}件` });
    await cast.does(centre, 'unit-years', id, 'publish');
    this.years.set(unit, { id, open: PLEDGES.map((kind, i) => ({ pledgeId: `p${i + 1}`, kind })) });
  }

  /** Both sign for the year; the unit says what it can lend. */
  private async pairsUp(pair: Pair): Promise<void> {
    const { cast, year } = this;
    const { unit, community } = pair;
    const [a, b] = [cast.of('community', community), cast.of('department', unit)];
    const body = {
      ...{ unit, community, year, startsOn: `${year}-01-01`, endsOn: `${year}-12-31` },
      items: [{ title: '结对共建：为社区办一件实事', kind: 'tangible', quantity: 1, unit: '件' }],
      duties: { community: ['每月更新需求清单'], unit: ['接到吹哨两个工作日内答复'] },
    };
    const contractId = await cast.starts(a, 'contracts', body, 'contractId');
    await cast.does(a, 'contracts', contractId, 'sign');
    await cast.does(b, 'contracts', contractId, 'sign');
    await cast.starts(b, 'resources', { kind: 'people', name: '党员志愿服务队', quantity: 10, unit: '人', community }, 'resourceId');
    this.contracts.set(unit, { ...pair, contractId });
  }

  async livesAll(): Promise<void> {
    const { clock } = this.rehearsal;
    const [startMs, inHand] = [clock.nowMs(), new KeyedSemaphore(IN_HAND)];
    this.month = monthOf(startMs);
    const comes = async (need: PlannedNeed): Promise<void> => {
      await clock.until(startMs + need.day * DAY_MS + need.hour * HOUR_MS);
      await inHand.run('need', () => this.lives(need));
    };
    await Promise.all(this.plan.needs.map(comes));
  }

  /** From the list to the end, each step when its day has come. */
  private async lives(need: PlannedNeed): Promise<void> {
    const { cast } = this;
    const { community, unit, fate, amountFen } = need;
    this.tellsOf(monthOf(this.rehearsal.clock.nowMs()));
    const [resident, office, department] = [cast.of('resident', community), cast.of('community', community), cast.of('department', unit)];
    const does = (as: Promise<QiyueClient>, command: string, body: object = {}): Promise<void> => cast.does(as, 'needs', needId, command, body);
    const { title, kind, category, item } = need;
    const needId = await cast.starts(resident, 'needs', { title, kind, category, items: [item], community }, 'needId');
    if (fate === 'whistled') {
      await does(office, 'inspect', { notes: '现场核实，情况属实' });
      await does(office, 'whistle', { units: [unit] });
      await does(department, 'report-in', { answer: 'coming' });
    }
    if (fate === 'late-claim') await this.passes(LATE.claimDays);
    await does(department, 'claim', { unit, plan: '现场勘查后采购安装' });
    if (fate === 'returned' && (await cast.doesInTime(department, 'needs', needId, 'return', { reason: '需与另一单位一并办理' }))) {
      await does(department, 'claim', { unit, plan: '已协商，由本单位办理' });
      this.returned += 1;
    }
    await this.links(need, needId);
    const finishesItem = await this.makesItTheItem(need, needId);
    await does(department, 'fund', { amountFen, source: 'department', reference: '为民办实事经费' });
    await this.works(does, { office, department }, fate === 'late-works' ? LATE.worksDays : WORKS_DAYS);
    this.paidFen += amountFen;
    if (fate === 'unsatisfied' && (await this.isEvaluated(need, needId, UNSATISFIED))) {
      this.reopened += 1;
      await does(department, 'fund', { amountFen: 0, source: 'rework', reference: '返工' });
      await this.works(does, { office, department }, 1);
    }
    await this.isEvaluated(need, needId, SATISFIED);
    this.evaluated += 1;
    await finishesItem();
    if (fate === 'late-claim' || fate === 'late-works') this.lateNeeds.push(needId);
  }

  private tellsOf(month: number): void {
    if (month > this.month) this.saysMonth(this.month, this.submitted, this.evaluated);
    this.month = Math.max(month, this.month);
    this.submitted += 1;
  }

  /** By residents and community; false where a slow machine let the time for it pass. */
  private async isEvaluated({ community }: PlannedNeed, needId: string, [resident, office]: typeof SATISFIED): Promise<boolean> {
    const { cast } = this;
    const evaluates = (as: Promise<QiyueClient>, body: object): Promise<boolean> => cast.doesInTime(as, 'needs', needId, 'evaluate', body);
    return (
      (await evaluates(cast.of('resident', community), { side: 'resident', ...resident })) &&
      evaluates(cast.of('community', community), { side: 'community', ...office })
    );
  }

  /** A need that fits keeps a promise that has none yet. */
  private async links({ unit, kind }: PlannedNeed, needId: string): Promise<void> {
    const year = this.years.get(unit);
    const at = year?.open.findIndex((pledge) => pledge.kind === kind) ?? -1;
    const [pledge] = at === -1 ? [] : (year?.open.splice(at, 1) ?? []);
    if (year === undefined || pledge === undefined) return;
    await this.cast.does(this.cast.of('department', unit), 'unit-years', year.id, 'link', { pledgeId: pledge.pledgeId, needId });
  }

  /** The first of a pair joins the project that their contract's item is; the two score each other when it is done. */
  private async makesItTheItem({ unit, community, kind }: PlannedNeed, needId: string): Promise<() => Promise<void>> {
    const { cast } = this;
    const contract = this.contracts.get(unit);
    if (kind !== 'tangible' || contract?.community !== community) return async () => {};
    this.contracts.delete(unit);
    const [office, department] = [cast.of('community', community), cast.of('department', unit)];
    await cast.does(department, 'projects', await this.projectOf(contract), 'add-need', { needId });
    return async () => {
      await cast.does(office, 'contracts', contract.contractId, 'finish-item', { itemId: 'i1' });
      const evaluates = (as: Promise<QiyueClient>, side: string): Promise<void> =>
        cast.does(as, 'contracts', contract.contractId, 'evaluate', { side, score: 5, itemId: 'i1' });
      await evaluates(office, 'community');
      await evaluates(department, 'unit');
    };
  }

  private projectOf({ unit, community }: Pair): Promise<string> {
    const { year } = this;
    return eventually(`the project of ${unit}`, async () => {
      const { projects } = await (await this.cast.of('supervisor')).lists({ community, year });
      return projects.find((project) => project.unit === unit)?.projectId ?? null;
    });
  }

  private async works(
    does: (as: Promise<QiyueClient>, command: string, body?: object) => Promise<void>,
    { office, department }: { readonly office: Promise<QiyueClient>; readonly department: Promise<QiyueClient> },
    days: number,
  ): Promise<void> {
    await does(department, 'start');
    await this.passes(days);
    await does(department, 'complete', { evidence: [{ kind: 'note', text: '已完工，照片存档' }] });
    await does(office, 'accept');
  }

  async closes(roof: DecidedRoof): Promise<PlayedYear> {
    const { paidFen, returned, reopened } = this;
    const reader = await this.cast.of('supervisor');
    const late = await Promise.all(this.lateNeeds.map(async (needId) => isLate(await reader.history(needId))));
    const communities = [...this.plan.communities, roof.community];
    const end = await atYearsEnd(reader, { year: this.year, communities, needs: this.plan.needs.length + 1, paidFen });
    return { late: late.filter(Boolean).length, returned, reopened, roof, paidFen, end };
  }

  private passes(days: number): Promise<void> {
    return this.rehearsal.clock.until(this.rehearsal.clock.nowMs() + days * DAY_MS);
  }
}

const monthOf = (ms: number): number => Number(toShanghaiIso(ms).slice(5, 7));
const isLate = ({ events }: History): boolean => events.some(({ type }) => type === 'DeadlineMissed');
