import type { UpgradeCheck } from '@qiyue/audit';
import { counted } from '../show/counted';
import { inWords } from '../show/language';

/** What a check found, for people. */
export const checkLines = ({ checked, same, diverged, stuck, perSecond, open }: UpgradeCheck): readonly string[] => [
  ...diverged.map(divergedLine),
  ...stuck.map(({ entity, why }) =>
    inWords({ 'zh-CN': `${entity}：其历史与此代码不合：${why}`, en: `${entity}: its history does not fit this code: ${why}` }),
  ),
  inWords({
    'zh-CN': `未结 ${open} 件中已重放 ${checked} 件：${same} 件一致，${diverged.length} 件分叉，${stuck.length} 件卡住`,
    en: `${counted(checked, 'entity', 'entities')} of ${open} open replayed: ${same} same, ${diverged.length} diverged, ${stuck.length} stuck`,
  }),
  ...(perSecond === 0
    ? []
    : [
        inWords({
          'zh-CN': `每秒 ${perSecond} 件：全部 ${open} 件约需 ${duration(open / perSecond)}`,
          en: `${perSecond} a second: all ${open} take about ${duration(open / perSecond)}`,
        }),
      ]),
  diverged.length + stuck.length === 0
    ? inWords({ 'zh-CN': '此代码得出的与当时运行的代码一致', en: 'this code comes to what the code that ran came to' })
    : inWords({
        'zh-CN': '不要上线此代码：请将改动声明为新的规则版本（infra/docs/rules.md）',
        en: 'do not let this code in: declare the change as a new rules version (infra/docs/rules.md)',
      }),
];

const WHY: Readonly<Record<UpgradeCheck['diverged'][number]['why'], string>> = {
  'other-hash': '记录不同',
  'other-outcome': '结果不同',
  extra: '多出记录',
  missing: '缺少记录',
  'other-deadline': '期限不同',
  'other-state': '状态不同',
};

/** The name of the kind stays: runbooks go by it. */
const divergedLine = ({ entity, seq, why, fields = [] }: UpgradeCheck['diverged'][number]): string =>
  [inWords({ 'zh-CN': `${entity} seq ${seq}：${WHY[why]}（${why}）`, en: `${entity} seq ${seq}: ${why}` }), ...fields].join(' ');

export const progressOf = (checked: number, of: number, ms: number): string =>
  inWords({
    'zh-CN': `${checked} / ${of} 件，还需约 ${duration(((of - checked) * ms) / checked / 1_000)}`,
    en: `${checked} of ${counted(of, 'entity', 'entities')}, about ${duration(((of - checked) * ms) / checked / 1_000)} to go`,
  });

const duration = (seconds: number): string => {
  if (seconds < 90) return inWords({ 'zh-CN': `${Math.ceil(seconds)} 秒`, en: `${Math.ceil(seconds)} s` });
  if (seconds < 5_400) return inWords({ 'zh-CN': `${Math.ceil(seconds / 60)} 分钟`, en: `${Math.ceil(seconds / 60)} min` });
  const hours = (seconds / 3_600).toFixed(1);
  return inWords({ 'zh-CN': `${hours} 小时`, en: `${hours} h` });
};
