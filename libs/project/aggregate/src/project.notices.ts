import { isSameUnit, type Audience, type Language, type PolicyDocument } from '@qiyue/civic-domain';
import { eventOf } from '@qiyue/engine';
import { dateInWords, post, recipientKey, type NoticeRules, type Occasion, type Recipient } from '@qiyue/notices';
import { END, type Fact, type ProjectEvent, type ProjectEventType } from '@qiyue/project-domain';
import { firstClock, type ProjectView } from '@qiyue/project-views';

/** Events that somebody is told of; all others are seen by looking at the project. */
export const TOLD_TYPES = [
  ...(['ProjectPlanned', 'HelperJoined', 'ProjectStarted', 'MilestoneReached', 'ResourceLeft', 'ProjectFinished'] as const),
  ...(['ProjectReopened', 'ProjectCancelled', 'DeadlineApproaching', 'DeadlineMissed', 'Escalated', 'DeadlineMoved'] as const),
] as const satisfies readonly ProjectEventType[];
type ToldType = (typeof TOLD_TYPES)[number];
type Told = Fact<ToldType>;

const URGENT_LEVEL = 2;

const lead = ({ unit }: ProjectView): Recipient => post('department', unit);
const helpers = ({ helpers: names }: ProjectView): readonly Recipient[] => names.map((name) => post('department', name));
const community = ({ community: name }: ProjectView): Recipient => post('community', name);
const centre = post('centre', null);

/** A project has a lead, helpers and a community, and no author. */
const audience = (tells: readonly Audience[], view: ProjectView): readonly Recipient[] =>
  tells.flatMap((one) => {
    if (one === 'lead') return [lead(view)];
    if (one === 'helpers') return helpers(view);
    if (one === 'community') return [community(view)];
    return one === 'centre' || one === 'supervisor' || one === 'county' ? [post(one, null)] : [];
  });

const postsFor = (event: Told, view: ProjectView, { remind, missed, ladder }: PolicyDocument): readonly Recipient[] => {
  switch (event.type) {
    case 'ResourceLeft':
      // of what it never counted on nobody has heard
      return view.resources.some(({ reservationId }) => reservationId === event.data.reservationId) ? [lead(view)] : [];
    case 'HelperJoined':
    case 'DeadlineMoved':
      return [lead(view)];
    case 'ProjectPlanned':
    case 'ProjectStarted':
    case 'MilestoneReached':
      return [lead(view), community(view)];
    case 'ProjectFinished':
    case 'ProjectReopened':
    case 'ProjectCancelled':
      return [lead(view), ...helpers(view), community(view), centre];
    case 'DeadlineApproaching':
      return [lead(view), ...audience(remind.tells, view)];
    case 'DeadlineMissed':
      return [lead(view), ...audience(missed.tells, view)];
    case 'Escalated':
      return audience(ladder.find(({ level }) => level === event.data.level)?.tells ?? [], view);
  }
};

/** `types` lets nothing else through. */
const toldOf = ({ event }: Occasion<ProjectView>): Told => event as Told;

/** Each once; whoever did it, as the holder of a post, is not told of it. */
const recipientsOf = (occasion: Occasion<ProjectView>, policy: PolicyDocument): readonly Recipient[] => {
  const { by, after } = occasion;
  const isBy = (one: Recipient): boolean => one.kind === 'post' && one.role === by.role && one.unit !== null && isSameUnit(one.unit, by.unit);
  const wanted = postsFor(toldOf(occasion), after, policy).filter((one) => !isBy(one));
  return [...new Map(wanted.map((one) => [recipientKey(one), one])).values()];
};

/** What a template can say. No reason, note or money reaches one. */
interface Words {
  readonly title: string;
  readonly unit: string;
  readonly community: string;
  /** Of the milestone or the whole project. */
  readonly what: string;
  readonly dueAt: string;
  readonly oldDueAt: string;
  readonly level: string;
  readonly helper: string;
  readonly isUsed: boolean;
}

const WHOLE: Readonly<Record<Language, string>> = { 'zh-CN': '整个项目', en: 'the whole project' };

/** What one event or another says of a deadline or a milestone. */
interface Said {
  readonly stage?: string;
  readonly milestoneId?: string;
  readonly dueAt?: string | null;
  readonly oldDueAt?: string | null;
}

const wordsOf = (told: Told, view: ProjectView, language: Language): Words => {
  const known = told.data as Said;
  const id = known.milestoneId ?? known.stage ?? END;
  return {
    ...{ title: view.title, unit: view.unit, community: view.community },
    what: view.milestones.find(({ milestoneId }) => milestoneId === id)?.title ?? WHOLE[language],
    dueAt: dateInWords(known.dueAt ?? null, language),
    oldDueAt: dateInWords(known.oldDueAt ?? null, language),
    level: told.type === 'Escalated' ? told.data.name : '',
    helper: told.type === 'HelperJoined' ? told.data.unit : '',
    isUsed: told.type === 'ResourceLeft' && told.data.end === 'used',
  };
};

/** One for every event that is told: a new one does not compile without. */
type Templates = Readonly<Record<ToldType, (words: Words) => readonly [subject: string, text: string]>>;

const ZH: Templates = {
  ProjectPlanned: (w) => [`项目已立项：${w.title}`, `${w.unit}牵头、面向${w.community}的项目“${w.title}”已立项。`],
  HelperJoined: (w) => [`有单位参与项目：${w.title}`, `${w.helper}参与项目“${w.title}”。`],
  ProjectStarted: (w) => [`项目已开工：${w.title}`, `${w.unit}牵头的项目“${w.title}”已开工。`],
  MilestoneReached: (w) => [`项目进度：${w.title}`, `项目“${w.title}”已完成“${w.what}”。`],
  ResourceLeft: (w) => [
    `项目资源有变化：${w.title}`,
    w.isUsed ? `为项目“${w.title}”预订的一项资源已登记使用。` : `为项目“${w.title}”预订的一项资源已被退回，请另行安排。`,
  ],
  ProjectFinished: (w) => [`项目已完成：${w.title}`, `${w.unit}牵头、面向${w.community}的项目“${w.title}”已完成。`],
  ProjectReopened: (w) => [`项目重新办理：${w.title}`, `项目“${w.title}”有一项需求重新办理，项目恢复为进行中。`],
  ProjectCancelled: (w) => [`项目已取消：${w.title}`, `${w.unit}牵头、面向${w.community}的项目“${w.title}”已取消。`],
  DeadlineApproaching: (w) => [`即将到期：${w.title}`, `项目“${w.title}”中${w.what}的期限为${w.dueAt}。`],
  DeadlineMissed: (w) => [`已逾期：${w.title}`, `项目“${w.title}”中${w.what}的期限${w.dueAt}已过。`],
  Escalated: (w) => [`${w.level}：${w.title}`, `项目“${w.title}”中${w.what}的期限${w.dueAt}已过，现予${w.level}。`],
  DeadlineMoved: (w) => [`期限调整：${w.title}`, `因工作日历或时限规则变更，项目“${w.title}”中${w.what}的期限由${w.oldDueAt}调整为${w.dueAt}。`],
};

const EN: Templates = {
  ProjectPlanned: (w) => [`Planned: ${w.title}`, `The project ${w.title} for ${w.community}, led by ${w.unit}, is planned.`],
  HelperJoined: (w) => [`Joined: ${w.title}`, `${w.helper} helps in the project ${w.title}.`],
  ProjectStarted: (w) => [`Under way: ${w.title}`, `The project ${w.title}, led by ${w.unit}, is under way.`],
  MilestoneReached: (w) => [`Reached: ${w.title}`, `The project ${w.title} has reached ${w.what}.`],
  ResourceLeft: (w) => [
    `A resource has moved: ${w.title}`,
    w.isUsed ? `A resource reserved for the project ${w.title} was used.` : `A resource reserved for the project ${w.title} cannot be had any more.`,
  ],
  ProjectFinished: (w) => [`Finished: ${w.title}`, `The project ${w.title} for ${w.community}, led by ${w.unit}, is finished.`],
  ProjectReopened: (w) => [`Under way again: ${w.title}`, `A need of the project ${w.title} was reopened: it is under way again.`],
  ProjectCancelled: (w) => [`Cancelled: ${w.title}`, `The project ${w.title} for ${w.community}, led by ${w.unit}, is cancelled.`],
  DeadlineApproaching: (w) => [`Due soon: ${w.title}`, `The deadline of the project ${w.title} for ${w.what} is ${w.dueAt}.`],
  DeadlineMissed: (w) => [`Overdue: ${w.title}`, `The deadline of the project ${w.title} for ${w.what}, ${w.dueAt}, has passed.`],
  Escalated: (w) => [
    `Escalated (${w.level}): ${w.title}`,
    `The deadline of the project ${w.title} for ${w.what}, ${w.dueAt}, has passed: ${w.level}.`,
  ],
  DeadlineMoved: (w) => [
    `Deadline moved: ${w.title}`,
    `The calendar or the policy changed: the deadline of the project ${w.title} for ${w.what} moves from ${w.oldDueAt} to ${w.dueAt}.`,
  ],
};
const TEMPLATES: Readonly<Record<Language, Templates>> = { 'zh-CN': ZH, en: EN };

/** Whom the events of a project tell. Offices alone have to do with one: no person is among them. */
export const projectNotices: NoticeRules<ProjectView> = {
  types: TOLD_TYPES,
  eventOf: (record) => eventOf<ProjectEvent>(record),
  recipientsOf,
  wordsFor: (occasion, language) => {
    const told = toldOf(occasion);
    const [subject, text] = TEMPLATES[language][told.type](wordsOf(told, occasion.after, language));
    return { subject, text };
  },
  isUrgent: (occasion) => {
    const told = toldOf(occasion);
    return told.type === 'Escalated' && told.data.level >= URGENT_LEVEL;
  },
  leadOf: ({ unit }) => unit,
  authorOf: () => null,
  policyOf: (view) => firstClock(view)?.policy ?? null,
  sealedPersonsOf: () => [],
  withPersons: (view) => view,
};
