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
export const troubleNotices = (alarm: TroubleAlarm, dependencies: NoticeDependencies): Notices => {
  const { id, troubles } = alarm;
  const [first, ...others] = troubles;
  if (first === undefined) return { inbox: [], outward: [] };
  const urgent = troubles.some(({ kind }) => TROUBLES[kind].isUrgent);
  const words = (language: Language): Words => (others.length === 0 ? wordsOfOne(first, language) : wordsOfMany(troubles, language));
  return tellAlarmed(alarm, { keyed: `alarm-${id}`, urgent, words }, dependencies);
};

/** To whom the alarm went, that what they were told of has not been seen for ten minutes; not urgent. */
export const overNotices = (alarm: TroubleAlarm, dependencies: NoticeDependencies): Notices =>
  tellAlarmed(alarm, { keyed: `over-${alarm.id}`, urgent: false, words: (language) => wordsOfOver(alarm.troubles, language) }, dependencies);

interface Told {
  readonly keyed: string;
  readonly urgent: boolean;
  words(language: Language): Words;
}
const tellAlarmed = ({ at }: TroubleAlarm, { keyed, urgent, words }: Told, dependencies: NoticeDependencies): Notices =>
  tell(ALARMED, { base: { entity: NO_ENTITY, seq: 0, type: 'TroubleAlarm', urgent, at }, keyed, lead: null, words }, dependencies);

const wordsOfOver = (troubles: readonly TroubleToTell[], language: Language): Words => {
  const lines = byKind(troubles).map(([kind, [first, ...others]]) => {
    const what = TROUBLES[kind].words[language];
    const where = first === undefined || others.length > 0 ? String(others.length + 1) : placeOf(first, language);
    return `${what}${where && `${language === 'en' ? ': ' : '：'}${where}`}`;
  });
  const [only] = troubles.length === 1 ? troubles : [];
  const what = only && TROUBLES[only.kind].words[language];
  return language === 'en'
    ? {
        subject: what === undefined ? `${troubles.length} troubles are over` : `Over: ${what}`,
        text: `${lines.join('\n')}\nNot seen for ten minutes.`,
      }
    : { subject: `系统告警已解除：${what ?? `${troubles.length} 项`}`, text: `${lines.join('\n')}\n已连续十分钟未再出现。` };
};

const byKind = (troubles: readonly TroubleToTell[]): readonly (readonly [TroubleKind, readonly TroubleToTell[]])[] =>
  [...new Set(troubles.map(({ kind }) => kind))].map((kind) => [kind, troubles.filter((trouble) => trouble.kind === kind)]);

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
  const lines = byKind(troubles).map(([kind, { length: count }]) => {
    const { help, words } = TROUBLES[kind];
    return language === 'en' ? `${words.en}: ${count} (${help})` : `${words['zh-CN']}：${count}（${help}）`;
  });
  return language === 'en'
    ? { subject: `${troubles.length} troubles`, text: `${lines.join('\n')}\nRun npx qiyue status for all of them.` }
    : { subject: `系统告警：${troubles.length} 项`, text: `${lines.join('\n')}\n请运行 npx qiyue status 查看全部。` };
};
