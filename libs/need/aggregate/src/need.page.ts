import type { PublicPage } from '@qiyue/aggregate';
import type { Language } from '@qiyue/civic-domain';
import type { NeedStage } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import { dateInWords } from '@qiyue/notices';

interface PageWords {
  readonly stages: Readonly<Record<NeedStage, string>>;
  readonly atAcceptance: string;
  readonly paused: string;
  readonly departments: string;
  readonly evaluation: string;
  readonly names: Readonly<Record<'community' | 'lead' | 'waitsFor' | 'dueAt' | 'createdAt', string>>;
}

const WORDS: Readonly<Record<Language, PageWords>> = {
  'zh-CN': {
    stages: {
      ...{ submitted: '待认领', claimed: '已认领，资金落实中', funded: '办理中', done: '已办结，待评价', evaluated: '已评价' },
      ...{ closed: '已结束', rejected: '未受理', withdrawn: '已撤回', merged: '已并入另一项需求' },
    },
    ...{ atAcceptance: '已报完工，待验收', paused: '（时限暂停）', departments: '各部门', evaluation: '提出人和社区' },
    names: { community: '社区', lead: '牵头单位', waitsFor: '等待', dueAt: '期限', createdAt: '提出时间' },
  },
  en: {
    stages: {
      ...{ submitted: 'waits to be claimed', claimed: 'claimed, to be funded', funded: 'in the works', done: 'done, to be evaluated' },
      ...{ evaluated: 'evaluated', closed: 'closed', rejected: 'not taken on', withdrawn: 'withdrawn', merged: 'merged into another' },
    },
    ...{ atAcceptance: 'finished, to be accepted', paused: ' (paused)', departments: 'a department', evaluation: 'its author and the community' },
    names: { community: 'Community', lead: 'Lead', waitsFor: 'Waits for', dueAt: 'Due', createdAt: 'Submitted' },
  },
};

/** What anybody may read of a need: nothing that a person wrote but its title, and nobody's name. */
export const needPage = (view: NeedView, language: Language): PublicPage => {
  const words = WORDS[language];
  const { title, stage, status, community, unit, dueAt, createdAt, clock } = view;
  const waits = waitedFor(view, words);
  const paused = (clock?.paused ?? null) === null ? '' : words.paused;
  const facts: readonly (readonly [keyof PageWords['names'], string | null])[] = [
    ['community', community],
    ['lead', unit],
    ['waitsFor', waits],
    ['dueAt', waits === null ? null : `${dateInWords(dueAt, language)}${paused}`],
    ['createdAt', dateInWords(createdAt, language)],
  ];
  return {
    title,
    stage: status === 'at-acceptance' ? words.atAcceptance : words.stages[stage],
    facts: facts.flatMap(([name, value]) => (value === null ? [] : [[words.names[name], value] as const])),
  };
};

const waitedFor = ({ stage, status, unit, community }: NeedView, { departments, evaluation }: PageWords): string | null => {
  if (stage === 'submitted') return departments;
  if (stage === 'done') return evaluation;
  if (status === 'at-acceptance') return community;
  return stage === 'claimed' || stage === 'funded' ? unit : null;
};
