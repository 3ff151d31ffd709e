import { sha256Hex } from '@qiyue/engine';
import type { Language } from '@qiyue/civic-domain';
import type { Notices, Words } from './notice';
import { tell, type NoticeDependencies } from './notices-for';
import { post } from './recipient';

/** What a verification of the ledger found, as far as those who are alarmed need it. */
export interface LedgerFindings {
  /** ISO 8601 with +08:00. */
  readonly at: string;
  readonly findingCount: number;
  readonly first: { readonly stream: string; readonly seq: number; readonly kind: string };
}

/** Who is alarmed. */
export const ALARMED = [post('supervisor', null), post('operator', null)];

const WORDS: Readonly<Record<Language, (found: LedgerFindings) => Words>> = {
  'zh-CN': ({ findingCount, first }) => ({
    subject: '台账核验发现异常',
    text: `台账核验发现 ${findingCount} 处异常，首处：${first.stream} 第 ${first.seq} 条（${first.kind}）。请运行 qiyue audit verify 查看全部，并保全现场。`,
  }),
  en: ({ findingCount, first }) => ({
    subject: 'The ledger is not what was written',
    text: `Verification found ${findingCount} faults, the first at ${first.stream} seq ${first.seq} (${first.kind}). Run qiyue audit verify for all of them, and touch nothing else.`,
  }),
};

/** Tells supervisors and operators, at once and on every channel; nobody can switch it off. One verification tells once. */
export const alarmNotices = (found: LedgerFindings, dependencies: NoticeDependencies): Notices => {
  const { stream, seq } = found.first;
  return tell(
    ALARMED,
    {
      base: { entity: stream, seq, type: 'LedgerAlarm', urgent: true, at: found.at },
      keyed: `alarm-${sha256Hex(`${found.at}\n${stream}`).slice(0, 24)}`,
      lead: null,
      words: (language) => WORDS[language](found),
    },
    dependencies,
  );
};
