import { toShanghaiIso } from '@qiyue/engine';
import { faultText, INCIDENT_KINDS, type IncidentKind } from '@qiyue/engine-runtime';
import { TROUBLE_KINDS, TROUBLES, type TroubleKind } from '@qiyue/notices';
import { placeText, type SystemSnapshot } from './snapshot';

export { TROUBLE_KINDS, TROUBLES, type TroubleKind };

/** From when on something that is always a little so is a trouble. */
export const LIMITS = {
  relayLagS: 30,
  consumerOldestS: 30,
  /** Times the interval at which checkpoints are made. */
  checkpointIntervals: 3,
  verificationS: 36 * 3_600,
} as const;

/** Each of these always runs somewhere. */
const NEEDED = ['api', 'intake', 'notifications', 'projections', 'reactions', 'relay', 'worker'] as const;

/** One thing that an operator should know of. */
export interface Trouble {
  /** The same as long as it is the same trouble. */
  readonly id: string;
  readonly kind: TroubleKind;
  /** An entity, a message's place, a group, a process: never what somebody wrote. Null: of the kind as a whole. */
  readonly subject: string | null;
  readonly seq: number | null;
  /** ISO 8601 with +08:00; null when it is not known since when. */
  readonly since: string | null;
  readonly why: string;
}

export interface TroubleNumber {
  /** Null: not known now. */
  readonly count: number | null;
  /** The command to begin with; null when there is nothing to be done. */
  readonly help: string | null;
}
export type TroubleNumbers = Readonly<Record<TroubleKind, TroubleNumber>>;

/** Compiles only while every kind of incident is a kind of trouble, which has a command that helps. */
const KIND_OF_INCIDENT: Readonly<Record<IncidentKind, TroubleKind>> = {
  diverged: 'diverged',
  'rules-unknown': 'rules-unknown',
  'flush-stuck': 'flush-stuck',
  'record-refused': 'record-refused',
  'command-parked': 'command-parked',
  'batch-retrying': 'batch-retrying',
  'append-stuck': 'append-stuck',
  lost: 'lost',
  'ledger-unsound': 'ledger-unsound',
  'saga-waiting': 'saga-waiting',
  'right-forged': 'right-forged',
};

interface Options {
  readonly checkpointMinutes: number;
}

/** How much of each kind there is. Pure. */
export const troubleNumbers = (snapshot: SystemSnapshot, options: Options): TroubleNumbers => {
  const counts = countsOf(snapshot, options);
  const number = (kind: TroubleKind): TroubleNumber => ({ count: counts[kind], help: (counts[kind] ?? 0) > 0 ? TROUBLES[kind].help : null });
  return Object.fromEntries(TROUBLE_KINDS.map((kind) => [kind, number(kind)])) as TroubleNumbers;
};

/** The kinds of which there is any. */
export const troubledKinds = (numbers: TroubleNumbers): readonly TroubleKind[] => TROUBLE_KINDS.filter((kind) => (numbers[kind].count ?? 0) > 0);

const countsOf = (snapshot: SystemSnapshot, options: Options): Readonly<Record<TroubleKind, number | null>> => {
  const { incidentCounts, deadLetters, quarantined, forked, overdueTimers, undelivered, evidence } = snapshot;
  const ofIncidents = Object.fromEntries(INCIDENT_KINDS.map((kind) => [KIND_OF_INCIDENT[kind], incidentCounts?.[kind] ?? null]));
  return {
    ...(ofIncidents as Readonly<Record<IncidentKind, number | null>>),
    'process-missing': missingProcesses(snapshot)?.length ?? null,
    'relay-lag': late(snapshot),
    'consumer-lag': lateGroups(snapshot)?.reduce((sum, { messages }) => sum + messages, 0) ?? null,
    'dead-letter': deadLetters && sumOf(deadLetters),
    quarantined: quarantined && quarantined.count,
    forked: forked && forked.count,
    'reaction-parked': snapshot.reactions && snapshot.reactions.parked.count,
    'reaction-refused': snapshot.reactions && snapshot.reactions.refused.count,
    'foreign-reader': snapshot.consumers?.reduce((sum, { foreign }) => sum + foreign.length, 0) ?? null,
    'topic-missing': snapshot.missingTopics?.length ?? null,
    'topic-differs': snapshot.topic && snapshot.topic.holes + snapshot.topic.differing,
    'overdue-timer': overdueTimers && overdueTimers.count,
    'notice-refused': undelivered && sumOf(undelivered.refused),
    'notice-hanging': undelivered && sumOf(undelivered.hanging),
    'checkpoint-old': evidence && Number(isOld(evidence.checkpointAgeSeconds, evidence.inUseSeconds, checkpointLimitS(options))),
    'verification-old': evidence && Number(isOld(evidence.verificationAgeSeconds, evidence.inUseSeconds, LIMITS.verificationS)),
    'verification-findings': evidence && evidence.findings,
  };
};

const sumOf = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
const checkpointLimitS = ({ checkpointMinutes }: Options): number => checkpointMinutes * 60 * LIMITS.checkpointIntervals;
/** What there never was is as old as the system's use. */
const isOld = (ageS: number | null, inUseS: number | null, limitS: number): boolean => (ageS ?? inUseS ?? 0) > limitS;

const late = ({ relay, auditRelay }: SystemSnapshot): number | null => {
  if (relay === null || auditRelay === null) return null;
  return [relay, auditRelay].reduce((sum, { records, seconds }) => sum + (seconds > LIMITS.relayLagS ? records : 0), 0);
};

const lateGroups = ({ consumers }: SystemSnapshot) => consumers && consumers.filter(({ oldestSeconds }) => oldestSeconds > LIMITS.consumerOldestS);

const missingProcesses = ({ processes }: SystemSnapshot): readonly string[] | null =>
  processes && NEEDED.filter((needed) => !processes.some(({ name }) => name === needed));

/** Each trouble by itself, as far as rows of it are shown. Pure. */
export const troublesOf = (snapshot: SystemSnapshot, options: Options): readonly Trouble[] => {
  const { incidents, quarantined, forked, reactions, deadLetters, overdueTimers, undelivered, relay, auditRelay, evidence } = snapshot;
  const numbers = countsOf(snapshot, options);
  const whole = (kind: TroubleKind, why: string): Trouble[] =>
    (numbers[kind] ?? 0) > 0 ? [{ id: kind, kind, subject: null, seq: null, since: null, why }] : [];
  const behind = relay?.next ?? auditRelay?.next ?? null;
  return [
    ...(missingProcesses(snapshot) ?? []).map((name) => of('process-missing', name, 'no sign of life')),
    ...whole('relay-lag', `${relay?.records ?? 0} records, ${relay?.seconds ?? 0} s`).map((trouble) => ({
      ...trouble,
      subject: behind?.entity ?? null,
      seq: behind?.seq ?? null,
    })),
    ...(lateGroups(snapshot) ?? []).map(({ group, messages, oldestSeconds }) =>
      of('consumer-lag', group, `${messages} messages, ${Math.round(oldestSeconds)} s`),
    ),
    ...(snapshot.missingTopics ?? []).map((name) => of('topic-missing', name, 'the brokers do not have it')),
    ...(snapshot.consumers ?? []).flatMap(({ group, foreign }) =>
      foreign.map((host) => of('foreign-reader', `${group} by ${host}`, 'not one of ours')),
    ),
    ...(incidents?.first ?? []).map(({ _id, kind, subject, entity, seq, place, since, why }) => ({
      ...{ id: `${_id}:${since}`, kind: KIND_OF_INCIDENT[kind], since, why, seq: seq ?? null },
      subject: entity ?? (place === undefined ? subject : placeText(place)),
    })),
    ...(quarantined?.first ?? []).map(({ _id, entity, seq, why, seenAt }) => ({
      ...of('quarantined', entity, why),
      id: `quarantined:${_id}:${seenAt}`,
      seq,
      since: seenAt,
    })),
    ...(forked?.first ?? []).map(({ _id, seq, why, seenAt }) => ({ ...of('forked', _id, why), id: `forked:${_id}:${seenAt}`, seq, since: seenAt })),
    ...(reactions?.parked.first ?? []).map(({ _id, seq, why, broke, parkedAt }) => {
      const since = toShanghaiIso(parkedAt.getTime());
      return {
        ...of('reaction-parked', _id, broke ? `${broke.reaction}: ${faultText(broke.fault)}` : why),
        id: `reaction-parked:${_id}:${since}`,
        seq,
        since,
      };
    }),
    ...(reactions?.refused.first ?? []).map(({ _id, source: { seq }, why, fault, at }) => ({
      ...of('reaction-refused', _id, fault === undefined ? why : faultText(fault)),
      seq,
      since: at,
    })),
    ...Object.entries(deadLetters ?? {}).map(([reason, count]) => of('dead-letter', reason, String(count))),
    ...whole('topic-differs', `${snapshot.topic?.holes ?? 0} missing, ${snapshot.topic?.differing ?? 0} other messages`).map((trouble) => ({
      ...trouble,
      subject: snapshot.topic?.next?.entity ?? null,
      seq: snapshot.topic?.next?.seq ?? null,
    })),
    ...whole('overdue-timer', `${overdueTimers?.count ?? 0} entities`).map((trouble) => ({
      ...trouble,
      subject: overdueTimers?.first[0]?.entity ?? null,
    })),
    ...Object.entries(undelivered?.refused ?? {}).map(([channel, count]) => of('notice-refused', channel, String(count))),
    ...Object.entries(undelivered?.hanging ?? {}).map(([channel, count]) => of('notice-hanging', channel, String(count))),
    ...whole('checkpoint-old', ageText(evidence?.checkpointAgeSeconds)),
    ...whole('verification-old', ageText(evidence?.verificationAgeSeconds)),
  ];
};

const of = (kind: TroubleKind, subject: string, why: string): Trouble => ({ id: `${kind}:${subject}`, kind, subject, seq: null, since: null, why });

const ageText = (seconds: number | null | undefined): string =>
  seconds === null || seconds === undefined ? 'there was none yet' : `the last is ${seconds} s old`;
