import type { UpgradeCheck } from '@qiyue/audit';
import { counted } from '../show/counted';

/** What a check found, for people. */
export const checkLines = ({ checked, same, diverged, stuck, perSecond, open }: UpgradeCheck): readonly string[] => [
  ...diverged.map(({ entity, seq, why, fields = [] }) => [`${entity} seq ${seq}: ${why}`, ...fields].join(' ')),
  ...stuck.map(({ entity, why }) => `${entity}: its history does not fit this code: ${why}`),
  `${counted(checked, 'entity', 'entities')} of ${open} open replayed: ${same} same, ${diverged.length} diverged, ${stuck.length} stuck`,
  ...(perSecond === 0 ? [] : [`${perSecond} a second: all ${open} take about ${duration(open / perSecond)}`]),
  diverged.length + stuck.length === 0
    ? 'this code comes to what the code that ran came to'
    : 'do not let this code in: declare the change as a new rules version (infra/docs/rules.md)',
];

export const progressOf = (checked: number, of: number, ms: number): string =>
  `${checked} of ${counted(of, 'entity', 'entities')}, about ${duration(((of - checked) * ms) / checked / 1_000)} to go`;

const duration = (seconds: number): string => {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
};
