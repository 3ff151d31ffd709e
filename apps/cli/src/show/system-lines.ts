import { troubledKinds, troublesOf, type DeadlineReadiness, type SystemSnapshot, type TroubleNumbers } from '@qiyue/edge';
import { TROUBLES, type TroubleKind } from '@qiyue/notices';
import type { Language } from '../context';
import { pad } from './timeline';

interface Look {
  readonly snapshot: SystemSnapshot;
  readonly troubles: TroubleNumbers;
  readonly deadlines: DeadlineReadiness | null;
}

const NAME_WIDTH = 12;
const span = (seconds: number | null, zh: boolean): string => {
  if (seconds === null) return zh ? '从未' : 'never';
  if (seconds < 120) return `${Math.round(seconds)} ${zh ? '秒前' : 's ago'}`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} ${zh ? '分钟前' : 'min ago'}` : `${Math.round(seconds / 3_600)} ${zh ? '小时前' : 'h ago'}`;
};
/** A name and what is said of it, the one below the other's. */
export const named = (name: string, text: string): string => `${pad(name, NAME_WIDTH)} ${text}`;

/** What `qiyue status` says of lags, evidence and troubles. Null: the stores do not answer. */
export const systemLines = (look: Look, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  const { relay, consumers, evidence } = look.snapshot;
  const unknown = zh ? '不明' : 'not known';
  const oldest = (count: number, seconds: number | null): string => (count === 0 ? '' : `${zh ? '，最早 ' : ', the oldest '}${span(seconds, zh)}`);
  const waiting = relay === null ? unknown : zh ? `${relay.records} 条待转发` : `${relay.records} records behind`;
  const relayText = relay === null ? unknown : `${waiting}${oldest(relay.records, relay.seconds)}`;
  const readers =
    consumers === null
      ? [named(zh ? '读取' : 'readers', unknown)]
      : consumers.map(({ group, topic, messages, oldestSeconds }) => {
          const behind = zh ? `${group}（${topic}）：${messages} 条待处理` : `${group} of ${topic}: ${messages} messages behind`;
          return named(zh ? '读取' : 'reader', `${behind}${oldest(messages, oldestSeconds)}`);
        });
  return [
    named(zh ? '转发' : 'relay', relayText),
    ...readers,
    ...evidenceLines(evidence, zh),
    ...coverageLines(look.deadlines, zh),
    ...troubleLines(look, language),
  ];
};

const evidenceLines = (evidence: SystemSnapshot['evidence'], zh: boolean): readonly string[] => {
  if (evidence === null) return [];
  const [checkpoint, verification] = [span(evidence.checkpointAgeSeconds, zh), span(evidence.verificationAgeSeconds, zh)];
  return [
    named(
      zh ? '证据' : 'evidence',
      zh ? `检查点 ${checkpoint}，核验通过 ${verification}` : `checkpoint ${checkpoint}, good verification ${verification}`,
    ),
  ];
};

/** A calendar that ends is no trouble yet, and becomes one by itself. */
const coverageLines = (deadlines: DeadlineReadiness | null, zh: boolean): readonly string[] => {
  if (deadlines === null || deadlines.coverage === 'good') return [];
  const { calendar, coveredTo, coverage } = deadlines;
  const ends = coverage === 'uncovered' ? `ended on ${coveredTo}` : `ends on ${coveredTo}, within 60 days`;
  const ending = coverage === 'uncovered' ? `已于 ${coveredTo} 到期` : `将于 ${coveredTo} 到期（不足 60 天）`;
  const text = zh
    ? `工作日历 ${calendar} ${ending}：此后的期限和督办没有日期`
    : `calendar ${calendar} ${ends}: later deadlines and rungs have no date`;
  return [named(zh ? '警告' : 'WARNING', `${text}${zh ? '；' : '; '}npx qiyue calendar import <file>`)];
};

const troubleLines = ({ snapshot, troubles }: Look, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  const kinds = troubledKinds(troubles);
  if (kinds.length > 0) return kinds.map((kind) => troubleLine(kind, troubles, subjectsOf(snapshot, kind), language));
  const unknown = Object.values(troubles).filter(({ count }) => count === null).length;
  const none = zh ? '无' : 'none';
  const some = zh ? `未见故障；另有 ${unknown} 类目前无法得知` : `none that can be seen; ${unknown} kinds are not known now`;
  return [named(zh ? '故障' : 'troubles', unknown === 0 ? none : some)];
};

const NAMED_MAX = 3;

/** Entities, groups or processes that a kind of trouble is about; the first of them. */
const subjectsOf = (snapshot: SystemSnapshot, kind: TroubleKind): readonly string[] =>
  troublesOf(snapshot, { checkpointMinutes: Infinity }).flatMap((trouble) =>
    trouble.kind === kind && trouble.subject !== null ? [trouble.seq === null ? trouble.subject : `${trouble.subject} seq ${trouble.seq}`] : [],
  );

const troubleLine = (kind: TroubleKind, troubles: TroubleNumbers, subjects: readonly string[], language: Language): string => {
  const zh = language === 'zh-CN';
  const about = [...subjects.slice(0, NAMED_MAX), ...(subjects.length > NAMED_MAX ? ['…'] : [])].join(zh ? '、' : ', ');
  const { count, help } = troubles[kind];
  const what = zh ? `${TROUBLES[kind].words[language]}（${kind}）：${count ?? '?'}` : `${kind}: ${count ?? '?'} (${TROUBLES[kind].words[language]})`;
  return named(zh ? '故障' : 'TROUBLE', `${what}${about === '' ? '' : `${zh ? '：' : ': '}${about}`}${zh ? '；' : '; '}${help ?? ''}`);
};
