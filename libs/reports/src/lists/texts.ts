import { DEED_KIND_NAMES, type DeedKind, type Language } from '@qiyue/civic-domain';
import type { NeedStage } from '@qiyue/need-domain';
import type { ProjectStage } from '@qiyue/project-domain';
import type { ResourceKind, ResourceStatus } from '@qiyue/resource-domain';

/** All words of the three lists that are nobody's own. */
export interface ListTexts {
  readonly title: (community: string, year: number) => string;
  readonly needs: string;
  readonly resources: string;
  readonly projects: string;
  /** Where a list is empty. */
  readonly none: string;
  readonly counted: (count: number) => string;
  readonly between: string;
  readonly yes: string;
  readonly no: string;
  readonly yuan: string;
  readonly kinds: Readonly<Record<DeedKind, string>>;
  readonly stages: Readonly<Record<NeedStage, string>>;
  readonly resourceKinds: Readonly<Record<ResourceKind, string>>;
  readonly resourceStates: Readonly<Record<ResourceStatus, string>>;
  readonly projectStates: Readonly<Record<ProjectStage, string>>;
  /** Over the columns, in their order. */
  readonly needHead: readonly string[];
  readonly resourceHead: readonly string[];
  readonly projectHead: readonly string[];
}

const ZH: ListTexts = {
  title: (community, year) => `${community}${year}年度需求、资源、项目清单`,
  needs: '需求清单',
  resources: '资源清单',
  projects: '项目清单',
  none: '（无）',
  counted: (count) => `（共 ${count} 项）`,
  between: '；',
  yes: '满意',
  no: '不满意',
  yuan: '元',
  kinds: DEED_KIND_NAMES['zh-CN'],
  stages: {
    submitted: '待认领',
    claimed: '已认领',
    funded: '实施中',
    done: '已验收',
    evaluated: '已评价',
    rejected: '不予受理',
    withdrawn: '已撤回',
    merged: '已合并',
  },
  resourceKinds: { people: '人员', equipment: '设备', place: '场地', materials: '物资', money: '资金' },
  resourceStates: { free: '可用', reserved: '已预约', 'used-up': '已用完', settling: '已撤回，预约未了', ended: '已撤回' },
  projectStates: { planned: '已立项', 'under-way': '实施中', finished: '已完成', cancelled: '已取消' },
  needHead: [
    '序号',
    '编号',
    '需求',
    '内容及数量',
    '类别',
    '小区',
    '认领单位',
    '协办单位',
    '金额（元）',
    '进展',
    '提出日期',
    '认领日期',
    '承诺日期',
    '验收日期',
    '评价日期',
    '评价',
  ],
  resourceHead: ['序号', '编号', '提供单位', '类别', '资源', '数量', '计量单位', '起', '止', '状态'],
  projectHead: [
    '序号',
    '编号',
    '项目',
    '牵头单位',
    '对应需求',
    '预算（元）',
    '需求金额（元）',
    '状态',
    '计划开始',
    '计划完成',
    '开工日期',
    '完成日期',
  ],
};

const EN: ListTexts = {
  title: (community, year) => `Needs, resources and projects of ${community}, ${year}`,
  needs: 'Needs',
  resources: 'Resources',
  projects: 'Projects',
  none: '(none)',
  counted: (count) => ` (${count} in all)`,
  between: '; ',
  yes: 'satisfied',
  no: 'not satisfied',
  yuan: 'yuan',
  kinds: DEED_KIND_NAMES.en,
  stages: {
    submitted: 'to be claimed',
    claimed: 'claimed',
    funded: 'under way',
    done: 'accepted',
    evaluated: 'evaluated',
    rejected: 'rejected',
    withdrawn: 'withdrawn',
    merged: 'merged',
  },
  resourceKinds: { people: 'people', equipment: 'equipment', place: 'place', materials: 'materials', money: 'money' },
  resourceStates: { free: 'free', reserved: 'reserved', 'used-up': 'used up', settling: 'withdrawn, still reserved', ended: 'withdrawn' },
  projectStates: { planned: 'planned', 'under-way': 'under way', finished: 'finished', cancelled: 'cancelled' },
  needHead: [
    ...['No.', 'Id', 'Need', 'Items', 'Kind', 'Compound', 'Claimed by', 'Helpers', 'Amount (yuan)', 'Stage'],
    ...['Submitted', 'Claimed', 'Promised', 'Accepted', 'Evaluated', 'Result'],
  ],
  resourceHead: ['No.', 'Id', 'Given by', 'Kind', 'Resource', 'Quantity', 'Counted in', 'From', 'To', 'State'],
  projectHead: [
    ...['No.', 'Id', 'Project', 'Lead', 'Needs', 'Budget (yuan)', 'Needs cost (yuan)', 'State'],
    ...['To start', 'To finish', 'Started', 'Finished'],
  ],
};

export const LIST_TEXTS: Readonly<Record<Language, ListTexts>> = { 'zh-CN': ZH, en: EN };
