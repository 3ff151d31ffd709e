import { AGGREGATES } from '@qiyue/aggregates';
import type { RetimeForecast } from '@qiyue/edge';
import type { Language } from '../context';

/** What an import would do to the deadlines that run, in lines for a person. */
export const forecastLines = ({ open, moved, shorter, shorterBy, unknown }: RetimeForecast, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  return [
    zh
      ? `未结 ${open} 件：将有 ${moved} 项期限调整，其中 ${shorter} 项提前`
      : `${open} open entities: ${moved} deadlines would move, ${shorter} of them to an earlier date`,
    ...shorterBy.map(({ aggregate, stage, count }) => `  ${kindWords(aggregate, stage, language)}  ${count}`),
    ...(unknown === 0 ? [] : [zh ? `另有 ${unknown} 件无法预计` : `of ${unknown} more nothing can be told`]),
  ];
};

const kindWords = (aggregate: string, stage: string, language: Language): string => {
  const kind = AGGREGATES.find(({ decider }) => decider.aggregate === aggregate);
  return [kind?.noun[language] ?? aggregate, kind?.stages?.[stage]?.[language] ?? stage].join(language === 'zh-CN' ? '·' : ', ');
};
