import type { BundleState, BundleVerdict } from '@qiyue/engine-runtime';
import type { Texts } from '@qiyue/civic-domain';
import { counted } from '../show/counted';
import { inWords } from '../show/language';
import { NOTHING_WRONG } from '../show/sentences';
import { findingLine } from './finding-lines';

const STATES: Readonly<Record<BundleState, Texts>> = {
  proven: NOTHING_WRONG,
  linked: {
    'zh-CN': '各条记录相互吻合，但其中没有检查点：无人签名',
    en: 'its records fit each other, and no checkpoint is in it: nobody has signed them',
  },
  'other-key': {
    'zh-CN': '各条记录与所签名的一致，但签名者不是所信任的密钥',
    en: 'its records are what was signed, but NOT by the key that is trusted',
  },
  damaged: { 'zh-CN': '不是当初导出的内容', en: 'NOT what was exported' },
};

/** What a file of `audit export` is worth, for people. `trusted`: the key that they named. */
export const bundleLines = (verdict: BundleVerdict, trusted: string | undefined): readonly string[] => {
  const { state, entity, records, findings } = verdict;
  return [
    ...findings.map(findingLine),
    inWords({
      'zh-CN': `${entity}：${records} 条记录：${STATES[state]['zh-CN']}`,
      en: `${entity}: ${counted(records, 'record')}: ${STATES[state].en}`,
    }),
    ...advice(verdict, trusted),
  ];
};

const advice = ({ state, coveredRecords, checkpoint }: BundleVerdict, trusted: string | undefined): readonly string[] => {
  if (state === 'damaged')
    return [
      inWords({
        'zh-CN': '请重新导出；若仍如此，对台账运行 `npx qiyue audit verify`',
        en: 'have it exported again; if that says the same, run `npx qiyue audit verify` on the ledger',
      }),
    ];
  if (state === 'other-key')
    return [
      inWords({
        'zh-CN': `签名密钥是 ${checkpoint?.keyId ?? '（无）'}：${trusted} 与公布的逐位一致吗？`,
        en: `it is signed by key ${checkpoint?.keyId ?? 'of nobody'}: is ${trusted} the one that was published, digit by digit?`,
      }),
    ];
  if (checkpoint === null) return [];
  const { n, time, keyId } = checkpoint;
  const compare: Texts =
    trusted === undefined
      ? { 'zh-CN': '：请与公布的密钥核对', en: ': compare it with the one that was published' }
      : { 'zh-CN': '，即所信任的密钥', en: ', which is the one that is trusted' };
  return [
    inWords({
      'zh-CN': `第 1 至 ${coveredRecords} 条记录在检查点 ${n}（${time}）之下，签名密钥 ${keyId}${compare['zh-CN']}`,
      en: `records 1 to ${coveredRecords} are under checkpoint ${n} of ${time}, signed by key ${keyId}${compare.en}`,
    }),
  ];
};
