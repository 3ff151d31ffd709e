import type { WaitedDeed, WaitedParty, Waiting } from '@qiyue/need-views';
import type { Language, Texts } from '@qiyue/civic-domain';

/** Whom a need waits for, in words, where nobody is named. */
export const PARTY_TEXTS: Readonly<Record<WaitedParty, Texts>> = {
  unit: { 'zh-CN': '单位', en: 'a unit' },
  community: { 'zh-CN': '社区', en: 'the community' },
  residents: { 'zh-CN': '居民', en: 'residents' },
  centre: { 'zh-CN': '服务中心', en: 'the centre' },
  authority: { 'zh-CN': '主管部门', en: 'the authority' },
};

/** What for. */
export const DEED_TEXTS: Readonly<Record<WaitedDeed, Texts>> = {
  'confirm-urgency': { 'zh-CN': '核实是否紧急', en: 'to say whether it is an emergency' },
  claim: { 'zh-CN': '认领', en: 'to claim it' },
  'name-unit': { 'zh-CN': '指定单位', en: 'to name a unit' },
  sign: { 'zh-CN': '签约', en: 'to sign' },
  fund: { 'zh-CN': '落实资金', en: 'to fund it' },
  start: { 'zh-CN': '开工', en: 'to start the works' },
  complete: { 'zh-CN': '完工', en: 'to complete the works' },
  rework: { 'zh-CN': '整改', en: 'to do the works again' },
  accept: { 'zh-CN': '验收', en: 'to accept the works' },
  evaluate: { 'zh-CN': '评价', en: 'to evaluate it' },
  resume: { 'zh-CN': '恢复计时', en: 'to let its clock go on' },
  'decide-extension': { 'zh-CN': '审批延期', en: 'to decide on an extension' },
  'decide-together': { 'zh-CN': '业主共同决定', en: 'to decide as owners' },
  'confirm-decision': { 'zh-CN': '确认业主决定', en: 'to confirm the owners’ decision' },
};

/** In one phrase: `住建局：认领`. */
export const waitingText = ({ who, names, what }: Waiting, language: Language): string => {
  const party = names.length === 0 ? PARTY_TEXTS[who][language] : names.join(language === 'en' ? ', ' : '、');
  return language === 'en' ? `${party} ${DEED_TEXTS[what].en}` : `${party}：${DEED_TEXTS[what]['zh-CN']}`;
};
