import { troubledKinds, troublesOf, type DeadlineReadiness, type SystemSnapshot, type TroubleNumbers } from '@qiyue/edge';
import { TROUBLES, type TroubleKind } from '@qiyue/notices';

const span = (seconds: number | null): string =>
  seconds === null
    ? 'never'
    : seconds < 120
      ? `${Math.round(seconds)} s ago`
      : seconds < 7_200
        ? `${Math.round(seconds / 60)} min ago`
        : `${Math.round(seconds / 3_600)} h ago`;
const line = (name: string, text: string): string => `${name.padEnd(12)} ${text}`;

interface Look {
  readonly snapshot: SystemSnapshot;
  readonly troubles: TroubleNumbers;
  readonly deadlines: DeadlineReadiness | null;
}

/** What `qiyue status` says of lags, evidence and troubles. Null: the stores do not answer. */
export const systemLines = ({ snapshot, troubles, deadlines }: Look): readonly string[] => {
  const { relay, consumers, evidence } = snapshot;
  const kinds = troubledKinds(troubles);
  const unknown = Object.values(troubles).filter(({ count }) => count === null).length;
  return [
    line(
      'relay',
      relay === null ? 'not known' : `${relay.records} records behind${relay.records === 0 ? '' : `, the oldest ${span(relay.seconds)}`}`,
    ),
    ...(consumers === null
      ? [line('readers', 'not known')]
      : consumers.map(({ group, topic, messages, oldestSeconds }) =>
          line('reader', `${group} of ${topic}: ${messages} messages behind${messages === 0 ? '' : `, the oldest ${span(oldestSeconds)}`}`),
        )),
    ...(evidence === null
      ? []
      : [line('evidence', `checkpoint ${span(evidence.checkpointAgeSeconds)}, good verification ${span(evidence.verificationAgeSeconds)}`)]),
    ...(deadlines === null ? [] : coverageLines(deadlines)),
    ...(kinds.length === 0
      ? [line('troubles', unknown === 0 ? 'none' : `none that can be seen; ${unknown} kinds are not known now`)]
      : kinds.map((kind) => troubleLine(kind, troubles, subjectsOf(snapshot, kind)))),
  ];
};

/** A calendar that ends is no trouble yet, and becomes one by itself. */
const coverageLines = ({ calendar, coveredTo, coverage }: DeadlineReadiness): readonly string[] => {
  if (coverage === 'good') return [];
  const ends = coverage === 'uncovered' ? `ended on ${coveredTo}` : `ends on ${coveredTo}, within 60 days`;
  return [line('WARNING', `calendar ${calendar} ${ends}: later deadlines and rungs have no date; npx qiyue calendar import <file>`)];
};

const NAMED_MAX = 3;

/** Entities, groups or processes that a kind of trouble is about; the first of them. */
const subjectsOf = (snapshot: SystemSnapshot, kind: TroubleKind): readonly string[] =>
  troublesOf(snapshot, { checkpointMinutes: Infinity }).flatMap((trouble) =>
    trouble.kind === kind && trouble.subject !== null ? [trouble.seq === null ? trouble.subject : `${trouble.subject} seq ${trouble.seq}`] : [],
  );

const troubleLine = (kind: TroubleKind, troubles: TroubleNumbers, subjects: readonly string[]): string => {
  const named = [...subjects.slice(0, NAMED_MAX), ...(subjects.length > NAMED_MAX ? ['…'] : [])].join(', ');
  const { count, help } = troubles[kind];
  return line('TROUBLE', `${kind}: ${count ?? '?'} (${TROUBLES[kind].words.en})${named === '' ? '' : `: ${named}`}; ${help ?? ''}`);
};
