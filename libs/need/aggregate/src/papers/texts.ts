import { DEED_KIND_NAMES, type DeedKind, type Language } from '@qiyue/civic-domain';
import type { FundSource } from '@qiyue/need-domain';

/** All words of the acceptance record that are not people's own. */
export interface PaperTexts {
  readonly title: string;
  readonly need: string;
  readonly kind: string;
  readonly kinds: Readonly<Record<DeedKind, string>>;
  readonly community: string;
  readonly compound: string;
  readonly unit: string;
  readonly helpers: string;
  readonly submittedAt: string;
  readonly items: string;
  readonly itemHead: readonly string[];
  readonly funding: string;
  readonly fundingHead: readonly string[];
  readonly sources: Readonly<Record<FundSource, string>>;
  readonly evidence: string;
  readonly evidenceHead: readonly string[];
  /** By kind; what is not named is printed as it is called. */
  readonly evidenceKinds: Readonly<Partial<Record<string, string>>>;
  readonly acceptance: string;
  readonly note: string;
  readonly residentSide: string;
  readonly communitySide: string;
  readonly satisfied: string;
  readonly unsatisfied: string;
  readonly signatures: string;
  readonly deliveredBy: string;
  readonly reportedAt: string;
  readonly acceptedBy: string;
  readonly byWhom: string;
  readonly acceptedAt: string;
  readonly roles: Readonly<Partial<Record<string, string>>>;
}

const ZH: PaperTexts = {
  title: '需求验收单',
  need: '需求：',
  kind: '类别：',
  kinds: DEED_KIND_NAMES['zh-CN'],
  community: '社区：',
  compound: '小区：',
  unit: '承办单位：',
  helpers: '协办单位：',
  submittedAt: '提出时间：',
  items: '一、内容',
  itemHead: ['序号', '项目', '数量'],
  funding: '二、资金',
  fundingHead: ['来源', '金额（元）', '决算（元）', '文号'],
  sources: { department: '单位资金', 'maintenance-fund': '维修资金', donation: '捐赠', mixed: '多渠道', rework: '返工' },
  evidence: '三、完成依据',
  evidenceHead: ['种类', '内容', '日期'],
  evidenceKinds: { photo: '照片', document: '文件', text: '说明', note: '说明' },
  acceptance: '验收与评价',
  note: '验收意见：',
  residentSide: '居民评价：',
  communitySide: '社区评价：',
  satisfied: '满意',
  unsatisfied: '不满意',
  signatures: '双方',
  deliveredBy: '承办单位：',
  reportedAt: '报告完成：',
  acceptedBy: '验收方：',
  byWhom: '验收人：',
  acceptedAt: '验收时间：',
  roles: { community: '社区', authority: '主管部门', department: '单位', system: '系统' },
};

const EN: PaperTexts = {
  title: 'Acceptance record',
  need: 'Need:',
  kind: 'Kind:',
  kinds: DEED_KIND_NAMES.en,
  community: 'Community:',
  compound: 'Compound:',
  unit: 'Lead unit:',
  helpers: 'Helpers:',
  submittedAt: 'Submitted at:',
  items: '1. What was asked for',
  itemHead: ['No.', 'Item', 'Quantity'],
  funding: '2. Money',
  fundingHead: ['Source', 'Amount (yuan)', 'Final cost (yuan)', 'Reference'],
  sources: { department: 'department', 'maintenance-fund': 'maintenance fund', donation: 'donation', mixed: 'mixed', rework: 'rework' },
  evidence: '3. Evidence',
  evidenceHead: ['Kind', 'Content', 'Date'],
  evidenceKinds: {},
  acceptance: 'Acceptance and evaluation',
  note: 'Note:',
  residentSide: 'Residents:',
  communitySide: 'Community:',
  satisfied: 'satisfied',
  unsatisfied: 'not satisfied',
  signatures: 'Parties',
  deliveredBy: 'Delivered by: ',
  reportedAt: 'Reported at: ',
  acceptedBy: 'Accepted by: ',
  byWhom: 'Person: ',
  acceptedAt: 'Accepted at: ',
  roles: {},
};

export const PAPER_TEXTS: Readonly<Record<Language, PaperTexts>> = { 'zh-CN': ZH, en: EN };
