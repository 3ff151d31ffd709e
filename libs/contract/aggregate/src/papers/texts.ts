import { DEED_KIND_NAMES, type DeedKind, type Language } from '@qiyue/civic-domain';
import type { ContractStatus, Side } from '@qiyue/contract-domain';

/** All words of the printed contract that are not the parties' own. */
export interface PaperTexts {
  readonly title: string;
  readonly draft: string;
  /** Before a name. */
  readonly sides: Readonly<Record<Side, string>>;
  readonly names: Readonly<Record<Side, string>>;
  readonly year: string;
  readonly term: string;
  readonly status: string;
  readonly statuses: Readonly<Record<ContractStatus, string>>;
  readonly termination: string;
  readonly items: string;
  readonly itemHead: readonly string[];
  readonly kinds: Readonly<Record<DeedKind, string>>;
  readonly duties: string;
  readonly dutiesOf: Readonly<Record<Side, string>>;
  readonly evaluations: string;
  readonly evaluationHead: readonly string[];
  readonly item: string;
  readonly whole: string;
  readonly signatures: string;
  readonly signedOnline: string;
  readonly signer: string;
  readonly signedAt: string;
  readonly unsigned: string;
}

const ZH: PaperTexts = {
  title: '共建契约书',
  draft: '（待签）',
  sides: { community: '甲方（社区）：', unit: '乙方（单位）：' },
  names: { community: '甲方', unit: '乙方' },
  year: '年度：',
  term: '期限：',
  status: '状态：',
  statuses: {
    'awaiting-signatures': '待双方签署',
    'awaiting-second-signature': '待另一方签署',
    running: '已生效',
    'under-notice': '已通知解除，尚未生效',
    'awaiting-evaluations': '期满，待双方评价',
    evaluated: '期满，双方已评价',
    lapsed: '期满，逾期未评价',
    unsigned: '至期满未签署',
    withdrawn: '未签署，已撤回',
    terminated: '已解除',
  },
  termination: '解除通知：',
  items: '一、服务项目',
  itemHead: ['序号', '项目', '类别', '数量', '完成期限', '完成日期'],
  kinds: DEED_KIND_NAMES['zh-CN'],
  duties: '二、双方职责',
  dutiesOf: { community: '甲方：', unit: '乙方：' },
  evaluations: '三、双方评价',
  evaluationHead: ['评价方', '评价内容', '得分', '日期'],
  item: '项目',
  whole: '契约总体',
  signatures: '签署',
  signedOnline: '双方以各自账号在线签署，签署人及时间以记录为准。',
  signer: '签署人：',
  signedAt: '签署时间：',
  unsigned: '尚未签署',
};

const EN: PaperTexts = {
  title: 'Contract of joint service',
  draft: ' (to be signed)',
  sides: { community: 'Party A (community): ', unit: 'Party B (unit): ' },
  names: { community: 'Party A', unit: 'Party B' },
  year: 'Year:',
  term: 'Term:',
  status: 'Status:',
  statuses: {
    'awaiting-signatures': 'to be signed by both',
    'awaiting-second-signature': 'to be signed by the other side',
    running: 'in force',
    'under-notice': 'in force, under notice of termination',
    'awaiting-evaluations': 'ended, to be evaluated by both',
    evaluated: 'ended, evaluated by both',
    lapsed: 'ended, not evaluated in time',
    unsigned: 'not signed by its last day',
    withdrawn: 'not signed, withdrawn',
    terminated: 'terminated',
  },
  termination: 'Notice:',
  items: '1. Items',
  itemHead: ['No.', 'Item', 'Kind', 'Quantity', 'Due', 'Finished'],
  kinds: DEED_KIND_NAMES.en,
  duties: '2. Duties',
  dutiesOf: { community: 'Party A:', unit: 'Party B:' },
  evaluations: '3. Evaluations',
  evaluationHead: ['By', 'Of', 'Score', 'Date'],
  item: 'item',
  whole: 'the whole contract',
  signatures: 'Signatures',
  signedOnline: 'Both sides sign under their own accounts; who signed and when is as the record has it.',
  signer: 'Signed by: ',
  signedAt: 'Signed at: ',
  unsigned: 'Not signed yet',
};

export const PAPER_TEXTS: Readonly<Record<Language, PaperTexts>> = { 'zh-CN': ZH, en: EN };
