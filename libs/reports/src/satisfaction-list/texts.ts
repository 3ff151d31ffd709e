import { DEED_KIND_NAMES, type DeedKind, type Language } from '@qiyue/civic-domain';

/** All words of the satisfaction list that are nobody's own. */
export interface SatisfactionTexts {
  /** Of what is asked for: a community, a department, a year. */
  readonly title: (of: readonly string[]) => string;
  readonly year: (year: string) => string;
  readonly name: string;
  readonly none: string;
  /** `total` are there, `shown` of them in this list. */
  readonly counted: (total: number, shown: number) => string;
  readonly between: string;
  readonly yes: string;
  readonly no: string;
  readonly kinds: Readonly<Record<DeedKind, string>>;
  /** By role. */
  readonly askers: Readonly<Record<string, string>>;
  readonly otherAsker: string;
  readonly days: (calendar: number, working: number | null) => string;
  /** Over the columns, in their order. */
  readonly head: readonly string[];
}

const ZH: SatisfactionTexts = {
  title: (of) => `${of.join('')}满意清单`,
  year: (year) => `${year}年度`,
  name: '满意清单',
  none: '（无）',
  counted: (total, shown) => (shown === total ? `共 ${total} 项` : `共 ${total} 项，本件列出 ${shown} 项`),
  between: '；',
  yes: '满意',
  no: '不满意',
  kinds: DEED_KIND_NAMES['zh-CN'],
  askers: { resident: '居民', property: '物业', grid: '网格员', community: '社区' },
  otherAsker: '其他',
  days: (calendar, working) => (working === null ? `${calendar} 天` : `${calendar} 天（${working} 个工作日）`),
  head: [
    ...['序号', '编号', '需求', '内容及数量', '类别', '分类', '社区', '提出方', '承办单位', '协办单位', '提出日期', '验收日期', '评价日期'],
    ...[
      '认领（天）',
      '落实资金（天）',
      '施工（天）',
      '评价（天）',
      '办理（天）',
      '办理（工作日）',
      '办理时长',
      '居民评分',
      '社区评分',
      '评价',
      '重办次数',
      '金额（元）',
    ],
  ],
};

const EN: SatisfactionTexts = {
  title: (of) => ['Satisfaction list', ...of].join(', '),
  year: (year) => year,
  name: 'Satisfaction list',
  none: '(none)',
  counted: (total, shown) => (shown === total ? `${total} in all` : `${total} in all, ${shown} of them here`),
  between: '; ',
  yes: 'satisfied',
  no: 'not satisfied',
  kinds: DEED_KIND_NAMES.en,
  askers: { resident: 'resident', property: 'property staff', grid: 'grid worker', community: 'community' },
  otherAsker: 'other',
  days: (calendar, working) => (working === null ? `${calendar} d` : `${calendar} d (${working} working)`),
  head: [
    ...['No.', 'Number', 'Need', 'Items', 'Kind', 'Category', 'Community', 'Asked by', 'Done by', 'Helpers', 'Submitted', 'Accepted', 'Evaluated'],
    ...['Claim (days)', 'Funding (days)', 'Works (days)', 'Evaluation (days)', 'In all (days)', 'In all (working days)', 'Took'],
    ...['Residents’ score', 'Community’s score', 'Result', 'Reopened', 'Amount (yuan)'],
  ],
};

export const SATISFACTION_TEXTS: Readonly<Record<Language, SatisfactionTexts>> = { 'zh-CN': ZH, en: EN };
