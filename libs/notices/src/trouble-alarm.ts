import type { Language } from '@qiyue/civic-domain';
import { ALARMED } from './alarm';
import type { Notices, Words } from './notice';
import { tell, type NoticeDependencies } from './notices-for';
import { TROUBLES, type TroubleKind } from './troubles';

export interface TroubleToTell {
  readonly kind: TroubleKind;
  /** An entity, a message’s place, a group or a process; never what somebody wrote. */
  readonly subject: string | null;
  readonly seq: number | null;
  /** A code, a number or the name of an error. */
  readonly why: string;
}

/** Troubles that were not there before, told as one. */
export interface TroubleAlarm {
  /** The same alarm again has the same. */
  readonly id: string;
  /** Business time, ISO 8601 with +08:00. */
  readonly at: string;
  readonly troubles: readonly TroubleToTell[];
}

const NO_ENTITY = 'system';

/** Tells supervisors and operators on every channel: at once when one of them is urgent, else as other notices. */
export const troubleNotices = ({ id, at, troubles }: TroubleAlarm, dependencies: NoticeDependencies): Notices => {
  const [first] = troubles;
  if (first === undefined) return { inbox: [], outward: [] };
  const urgent = troubles.some(({ kind }) => TROUBLES[kind].isUrgent);
  return tell(
    ALARMED,
    {
      base: { entity: NO_ENTITY, seq: 0, type: 'TroubleAlarm', urgent, at },
      keyed: `alarm-${id}`,
      lead: null,
      words: (language) => (troubles.length === 1 ? wordsOfOne(first, language) : wordsOfMany(troubles, language)),
    },
    dependencies,
  );
};

/** To whom the alarm went, that what they were told of has not been seen for ten minutes; not urgent. */
export const overNotices = ({ id, at, troubles }: TroubleAlarm, dependencies: NoticeDependencies): Notices => {
  if (troubles.length === 0) return { inbox: [], outward: [] };
  return tell(
    ALARMED,
    {
      base: { entity: NO_ENTITY, seq: 0, type: 'TroubleAlarm', urgent: false, at },
      keyed: `over-${id}`,
      lead: null,
      words: (language) => wordsOfOver(troubles, language),
    },
    dependencies,
  );
};

const wordsOfOver = (troubles: readonly TroubleToTell[], language: Language): Words => {
  const en = language === 'en';
  const colon = en ? ': ' : '：';
  const lines = [...new Set(troubles.map(({ kind }) => kind))].map((kind) => {
    const [first, ...others] = troubles.filter((trouble) => trouble.kind === kind);
    const what = TROUBLES[kind].words[language];
    const where = first === undefined || others.length > 0 ? String(others.length + 1) : placeOf(first, language);
    return `${what}${where && `${colon}${where}`}`;
  });
  const [only] = troubles.length === 1 ? troubles : [];
  const what = only && TROUBLES[only.kind].words[language];
  return en
    ? {
        subject: what === undefined ? `${troubles.length} troubles are over` : `Over: ${what}`,
        text: `${lines.join('\n')}\nNot seen for ten minutes.`,
      }
    : { subject: `系统告警已解除：${what ?? `${troubles.length} 项`}`, text: `${lines.join('\n')}\n已连续十分钟未再出现。` };
};

const placeOf = ({ subject, seq }: TroubleToTell, language: Language): string =>
  [subject ?? '', seq === null ? '' : language === 'en' ? `seq ${seq}` : `第 ${seq} 条`].filter((part) => part !== '').join(' ');

const wordsOfOne = (trouble: TroubleToTell, language: Language): Words => {
  const { kind, why } = trouble;
  const { help, words } = TROUBLES[kind];
  const [what, where] = [words[language], placeOf(trouble, language)];
  return language === 'en'
    ? { subject: `Trouble: ${what}`, text: `${what}${where && `: ${where}`} (${why}). Run ${help}.` }
    : { subject: `系统告警：${what}`, text: `${what}${where && `：${where}`}（${why}）。请运行 ${help}。` };
};

const wordsOfMany = (troubles: readonly TroubleToTell[], language: Language): Words => {
  const kinds = [...new Set(troubles.map(({ kind }) => kind))];
  const lines = kinds.map((kind) => {
    const { help, words } = TROUBLES[kind];
    const count = troubles.filter((trouble) => trouble.kind === kind).length;
    return language === 'en' ? `${words.en}: ${count} (${help})` : `${words['zh-CN']}：${count}（${help}）`;
  });
  return language === 'en'
    ? { subject: `${troubles.length} troubles`, text: `${lines.join('\n')}\nRun npx qiyue status for all of them.` }
    : { subject: `系统告警：${troubles.length} 项`, text: `${lines.join('\n')}\n请运行 npx qiyue status 查看全部。` };
};
