import type { DecisionMatter, Language } from '@qiyue/civic-domain';

/** All words of the notice that are not people's own. */
export interface NoticeTexts {
  readonly title: string;
  readonly community: string;
  readonly matter: string;
  readonly matters: Readonly<Record<DecisionMatter, string>>;
  readonly parts: string;
  readonly works: string;
  readonly budget: string;
  readonly period: string;
  readonly contractor: string;
  readonly ballot: string;
  readonly rule: string;
  readonly ballotHead: readonly string[];
  readonly ballotRows: readonly [whole: string, part: string, agree: string];
  readonly emergency: string;
  readonly basis: string;
  readonly shares: string;
  readonly shareHead: readonly string[];
  readonly notAll: string;
  readonly notice: string;
  readonly place: string;
  readonly from: string;
  readonly until: string;
  readonly challenge: string;
  readonly signatures: string;
  readonly postedBy: string;
  readonly postedAt: string;
}

const ZH: NoticeTexts = {
  title: '业主共同决定公示',
  community: '社区：',
  matter: '事项：',
  matters: {
    'use-fund': '使用维修资金',
    'raise-fund': '筹集维修资金',
    rebuild: '改建、重建',
    'change-use': '改变共有部分用途',
    other: '其他共同事项',
  },
  parts: '共用部位、设施：',
  works: '工程内容：',
  budget: '预算（元）：',
  period: '工期：',
  contractor: '施工单位：',
  ballot: '一、表决结果',
  rule: '计票依据：',
  ballotHead: ['', '专有部分面积（平方米）', '人数'],
  ballotRows: ['应参与', '参与', '同意'],
  emergency: '一、应急维修',
  basis: '理由：',
  shares: '二、费用分摊',
  shareHead: ['房号', '面积（平方米）', '分摊（元）'],
  notAll: '其余房号见系统内的分摊表。',
  notice: '三、公示',
  place: '公示地点：',
  from: '公示开始：',
  until: '公示截止：',
  challenge: '对本决定有异议的，请在公示期内向社区书面提出，或在系统中提交（challenge）。',
  signatures: '公示单位',
  postedBy: '社区：',
  postedAt: '张贴时间：',
};

const EN: NoticeTexts = {
  title: 'Public notice of an owners’ decision',
  community: 'Community: ',
  matter: 'Matter: ',
  matters: {
    'use-fund': 'use of the maintenance fund',
    'raise-fund': 'raising the maintenance fund',
    rebuild: 'rebuilding',
    'change-use': 'another use of common parts',
    other: 'another common matter',
  },
  parts: 'Common parts and facilities: ',
  works: 'Works: ',
  budget: 'Budget (yuan): ',
  period: 'Period: ',
  contractor: 'Contractor: ',
  ballot: '1. The vote',
  rule: 'Counted by: ',
  ballotHead: ['', 'Exclusive area (m²)', 'Heads'],
  ballotRows: ['Entitled', 'Took part', 'Agree'],
  emergency: '1. Emergency repair',
  basis: 'Reason: ',
  shares: '2. Who pays what',
  shareHead: ['Room', 'Area (m²)', 'Share (yuan)'],
  notAll: 'The other rooms stand in the system.',
  notice: '3. The notice',
  place: 'Posted at: ',
  from: 'From: ',
  until: 'Until: ',
  challenge: 'Whoever objects says so to the community in writing until then, or in the system (challenge).',
  signatures: 'Posted by',
  postedBy: 'Community: ',
  postedAt: 'Posted: ',
};

export const NOTICE_TEXTS: Readonly<Record<Language, NoticeTexts>> = { 'zh-CN': ZH, en: EN };
