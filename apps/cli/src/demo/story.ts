import { isPending } from '@qiyue/client';
import type { Do, NeedContent, Score } from '@qiyue/need-domain';
import type { Language } from '../context';
import { todoOf, type TodoList } from './every-day';
import { OTHER_DEPARTMENT, type Cast, type Person } from './actors';
import type { Case } from './cases';
import type { Channels, Told } from './channels';
import { AMOUNT_FEN, TOO_MUCH_FEN, type DemoYear } from './years';

/** What happens to one case beside the plain way. */
export interface Twist {
  /** Another department claims it too, a moment too late. */
  readonly claimedTwice?: boolean;
  /** The residents are not satisfied at first: it is reopened and done again. */
  readonly doneAgain?: boolean;
  /** The department asks for more than its budget has first. */
  readonly overBudget?: boolean;
  /** The department asks what it has to do, once it has claimed. */
  readonly asksTodo?: boolean;
}

export interface StoryEnd {
  readonly needId: string;
  /** Codes of the refusals that the story met. */
  readonly refusals: readonly { readonly command: string; readonly code: string }[];
  readonly reopened: number;
  /** What the department paid. */
  readonly spentFen: number;
  /** It fulfils a pledge. */
  readonly isPledged: boolean;
  /** What the department had to do then. */
  readonly todo?: TodoList;
}

/** Tells one case from the list to the evaluation. Claims, funds and reports of works come over Kafka, the rest over HTTP. */
export const tell = async (
  story: Case,
  { cast, year, twist }: { readonly cast: Cast; readonly year: DemoYear; readonly twist: Twist },
  channels: Channels,
  language: Language,
): Promise<StoryEnd> => {
  const words = WORDS[language];
  const refusals: { command: string; code: string }[] = [];
  const submitted = await cast.author.client.submit(submission(story), { key: channels.nextKey() });
  if (isPending(submitted)) throw new Error('the story stops: the submit had no outcome in time');
  const { needId } = submitted;
  must('inspect', await channels.overHttp(cast.community, needId, 'inspect', { notes: words.inspected }));
  const helpers = story.helpers.length > 0 ? { helpers: story.helpers } : {};
  must('claim', await channels.overKafka(cast.department, needId, 'claim', { unit: story.unit, plan: words.plan, ...helpers }));
  const todo = twist.asksTodo === true ? { todo: await todoOf(story.unit, cast.department, needId) } : {};
  if (twist.claimedTwice) {
    const late = await channels.overHttp(cast.otherDepartment, needId, 'claim', { unit: OTHER_DEPARTMENT, plan: words.plan });
    refusals.push({ command: 'claim', code: refusedWith('claim', late) });
  }
  const pledgeId = year.pledges.get(story.title);
  if (pledgeId !== undefined) must('link', await channels.on(cast.department, 'unit-years', year.unitYearId, 'link', { pledgeId, needId }));
  if (story.fundedBy === 'maintenance-fund') {
    const funding = await channels.overHttp(cast.department, needId, 'fund', {
      amountFen: AMOUNT_FEN,
      source: 'maintenance-fund',
      reference: words.reference,
    });
    refusals.push({ command: 'fund', code: refusedWith('fund', funding) });
    await roof(needId, cast, channels, language);
    await evaluate(needId, story, cast, channels, { score: 5, satisfied: true });
    return { needId, refusals, reopened: 0, spentFen: 0, isPledged: pledgeId !== undefined };
  }
  const funds = { amountFen: AMOUNT_FEN, source: 'department', reference: words.reference } as const;
  if (twist.overBudget) {
    const tooMuch = await channels.overHttp(cast.department, needId, 'fund', { ...funds, amountFen: TOO_MUCH_FEN });
    refusals.push({ command: 'fund', code: refusedWith('fund', tooMuch) });
  }
  await works(needId, cast, channels, funds, language);
  if (twist.doneAgain) {
    await evaluate(needId, story, cast, channels, { score: 2, satisfied: false, comment: words.unsatisfied });
    await works(needId, cast, channels, { ...funds, amountFen: 0, source: 'rework' }, language);
  }
  await evaluate(needId, story, cast, channels, { score: 5, satisfied: true });
  return { needId, refusals, reopened: twist.doneAgain ? 1 : 0, spentFen: AMOUNT_FEN, isPledged: pledgeId !== undefined, ...todo };
};

const submission = ({ title, kind, items, community, compound }: Case): NeedContent => ({
  title,
  kind,
  items,
  community,
  ...(compound === null ? {} : { compound }),
});

/**
 * The owners pay for their roof, which cannot wait for a vote: the lower floors are won over in two rounds, the authority confirms the emergency, and accepts what was
 * done; the notice comes afterwards.
 */
const roof = async (needId: string, cast: Cast, channels: Channels, language: Language): Promise<void> => {
  const { community, authority } = cast;
  const decisionId = await openDecision(needId, { community, key: channels.nextKey() });
  const decision = async (person: Person, command: string, body: object): Promise<void> =>
    must(command, await channels.on(person, 'decisions', decisionId, command, body));
  await decision(community, 'hold-council', { notes: '屋面防水层老化，议定整体翻修', attended: 5 });
  await decision(community, 'object', { room: '101', reason: '屋面漏水不影响一层' });
  await decision(community, 'mediate', { room: '101', round: 1, notes: '屋面为全单元共有，民法典第二百七十一条', outcome: 'unsettled' });
  await decision(community, 'mediate', { room: '101', round: 2, notes: '不得以放弃权利为由不履行义务，第二百七十三条', outcome: 'settled' });
  await decision(community, 'declare-emergency', { basis: '连日降雨，渗漏危及用电安全', evidence: [{ kind: 'report', text: '现场检测记录' }] });
  await decision(authority, 'confirm', { reference: '维修资金应急备案 2024-1' });
  await works(needId, cast, channels, { amountFen: AMOUNT_FEN, source: 'maintenance-fund', reference: '维修资金 2024-1', decisionId }, language);
  await decision(community, 'post-notice', { days: 7, place: '单元门口公示栏' });
};

/** Six homes under the roof, of which one was not sold yet. */
const openDecision = async (needId: string, { community, key }: { readonly community: Person; readonly key: string }): Promise<string> => {
  const roster = ['101', '102', '201', '202', '301', '302'].map((room) => ({
    room,
    areaCm2: 985_000,
    owner: room === '302' ? null : `owner-${room}`,
  }));
  const plan = {
    parts: ['roof'],
    works: '屋面防水层铲除重做',
    budgetFen: AMOUNT_FEN,
    warrantyEndedOn: '2015-06-30',
    from: '2024-07-01',
    to: '2024-07-31',
  };
  const opened = await community.client.start('decisions', { needId, matter: 'use-fund', roster, plan }, { key });
  if (isPending(opened)) throw new Error('the story stops: the decision had no outcome in time');
  return String((opened as unknown as { readonly decisionId: string }).decisionId);
};

const works = async (needId: string, cast: Cast, channels: Channels, funds: Do<'fund'>['data'], language: Language): Promise<void> => {
  const words = WORDS[language];
  must('fund', await channels.overKafka(cast.department, needId, 'fund', funds));
  must('start', await channels.overHttp(cast.department, needId, 'start', {}));
  must('progress', await channels.overKafka(cast.department, needId, 'progress', { note: words.progress }));
  must('complete', await channels.overKafka(cast.department, needId, 'complete', { evidence: [{ kind: 'note', text: words.evidence }] }));
  const acceptor = funds.source === 'maintenance-fund' ? cast.authority : cast.community;
  must('accept', await channels.overHttp(acceptor, needId, 'accept', {}));
};

type Verdict = { readonly score: Score; readonly satisfied: boolean; readonly comment?: string };

/** A community's own need is evaluated for the residents by a resident of that community. */
const evaluate = async (needId: string, story: Case, cast: Cast, channels: Channels, verdict: Verdict): Promise<void> => {
  const residents = story.submittedBy === 'community' ? cast.resident : cast.author;
  must('evaluate', await channels.overHttp(residents, needId, 'evaluate', { side: 'resident', ...verdict }));
  must('evaluate', await channels.overHttp(cast.community, needId, 'evaluate', { side: 'community', score: 5, satisfied: true }));
};

const must = (command: string, told: Told): void => {
  if (!told.accepted) throw new Error(`the story stops: ${command} was refused (${told.code})`);
};

const refusedWith = (command: string, told: Told): string => {
  if (told.accepted) throw new Error(`the story stops: ${command} should have been refused`);
  return told.code;
};

const WORDS: Readonly<Record<Language, Readonly<Record<'inspected' | 'plan' | 'reference' | 'progress' | 'evidence' | 'unsatisfied', string>>>> = {
  'zh-CN': {
    inspected: '现场核实，情况属实',
    plan: '现场勘查后采购安装，半个月内完工',
    reference: '2024 年为民办实事经费',
    progress: '材料到场，正在施工',
    evidence: '已完工，现场照片存档',
    unsatisfied: '有一处没有做好',
  },
  en: {
    inspected: 'seen on site, as described',
    plan: 'survey, purchase, install within half a month',
    reference: 'budget for works of 2024',
    progress: 'material is on site, works go on',
    evidence: 'finished, photos filed',
    unsatisfied: 'one part was not done well',
  },
};
