import { COMMON_REFUSALS, ENGINE_REFUSALS, type CommonRefusal, type RefusalInfo, type RefusalInfos } from '@qiyue/civic-domain';
import type { ContractRefusal } from '@qiyue/contract-domain';

const conflict = (zh: string, en: string): RefusalInfo => ({ status: 409, texts: { 'zh-CN': zh, en } });

/** A new refusal does not compile until it has its status and its texts. */
const OWN: RefusalInfos<Exclude<ContractRefusal, CommonRefusal>> = {
  'already-signed': conflict('您方已经签署。', 'Your side has signed already.'),
  'amendment-pending': conflict('有一项变更尚待对方答复，请先处理。', 'An amendment is waiting for an answer; it has to be settled first.'),
  'no-amendment': conflict('没有待答复的变更。', 'There is no amendment to answer.'),
  'own-amendment': conflict('变更由您方提出，须由对方同意。', 'The amendment is of your side: the other one has to agree to it.'),
  'nothing-to-amend': conflict('没有要修改的内容。', 'There is nothing to amend.'),
  'no-such-item': conflict('契约中没有项目 {itemId}。', 'The contract has no item {itemId}.'),
  'other-parties': conflict('该契约的双方不是这个单位和社区。', 'The contract is of another unit or community than that.'),
  'item-finished': conflict('项目 {itemId} 已完成。', 'Item {itemId} is finished.'),
  'item-not-finished': conflict('项目 {itemId} 尚未完成，完成后才能评价。', 'Item {itemId} is not finished; it is evaluated when it is.'),
  'already-evaluated': conflict('您方已经评价过。', 'Your side has evaluated this already.'),
  'not-ended': conflict(
    '契约期满（{until}）后才能总体评价，项目可在完成后评价。',
    'The contract is evaluated when it has ended, at {until}; items are when they are finished.',
  ),
  'under-notice': conflict('已通知解除，于 {until} 生效。', 'Notice of termination was given before; it takes effect at {until}.'),
};

export const CONTRACT_REFUSALS: RefusalInfos = { ...ENGINE_REFUSALS, ...COMMON_REFUSALS, ...OWN };
