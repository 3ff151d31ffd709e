import { describe, expect, it } from '@jest/globals';
import { INCIDENT_KINDS, type IncidentDocument } from '@qiyue/engine-runtime';
import { TROUBLE_KINDS } from '@qiyue/notices';
import type { SystemSnapshot } from './snapshot';
import { troubledKinds, troubleNumbers, troublesOf } from './troubles';

const AT = '2026-11-23T08:00:00.000+08:00';
const process = (name: string) => ({ name, host: 'h', pid: 1, startedAt: new Date(), at: new Date(), rules: {} });
const GOOD: SystemSnapshot = {
  at: AT,
  relay: { records: 3, seconds: 2, next: { entity: 'n1', seq: 4 } },
  auditRelay: { records: 0, seconds: 0, next: null },
  topic: { lagRecords: 3, lagSeconds: 2, holes: 0, differing: 0, comparedSeconds: 3, next: null },
  consumers: [{ group: 'g', topic: 't', messages: 5, oldestSeconds: 2, foreign: [] }],
  missingTopics: [],
  incidents: { count: 0, first: [] },
  incidentCounts: Object.fromEntries(INCIDENT_KINDS.map((kind) => [kind, 0])) as never,
  quarantined: { count: 0, first: [], byModel: {} },
  forked: { count: 0, first: [] },
  reactions: { parked: { count: 0, first: [] }, refused: { count: 0, first: [] } },
  sagas: { waiting: 0, oldestSeconds: 0 },
  deadLetters: {},
  overdueTimers: { count: 0, first: [] },
  undelivered: { refused: {}, hanging: {} },
  evidence: { checkpointAgeSeconds: 60, verificationAgeSeconds: 60, findings: 0, inUseSeconds: 1e9 },
  processes: ['api', 'intake', 'notifications', 'projections', 'reactions', 'relay', 'worker'].map(process),
};
const UNKNOWN = Object.fromEntries(Object.keys(GOOD).map((part) => [part, part === 'at' ? AT : null])) as unknown as SystemSnapshot;
const OPTIONS = { checkpointMinutes: 60 };
const troubled = (change: Partial<SystemSnapshot>) => troubledKinds(troubleNumbers({ ...GOOD, ...change }, OPTIONS));
const subjects = (change: Partial<SystemSnapshot>) =>
  troublesOf({ ...GOOD, ...change }, OPTIONS).map(({ kind, subject, seq }) => [kind, subject, seq]);

describe('the troubles of a system', () => {
  it('are none while topics are a little behind and evidence is fresh', () => {
    expect(troubled({})).toEqual([]);
    expect(troublesOf(GOOD, OPTIONS)).toEqual([]);
  });

  it('are numbers that are not known, not zeros, when no store answers', () => {
    const numbers = troubleNumbers(UNKNOWN, OPTIONS);
    expect(TROUBLE_KINDS.map((kind) => numbers[kind])).toEqual(TROUBLE_KINDS.map(() => ({ count: null, help: null })));
    expect(troublesOf(UNKNOWN, OPTIONS)).toEqual([]);
  });

  it('are lags once the oldest has waited half a minute, named by what they stand at', () => {
    const relay = { records: 3, seconds: 31, next: { entity: 'n1', seq: 4 } };
    expect(troubled({ relay })).toEqual(['relay-lag']);
    expect(subjects({ relay })).toEqual([['relay-lag', 'n1', 4]]);
    expect(subjects({ consumers: [{ group: 'g', topic: 't', messages: 5, oldestSeconds: 31, foreign: [] }] })).toEqual([['consumer-lag', 'g', null]]);
  });

  it('are topics that are not there, by name', () => {
    expect(subjects({ missingTopics: ['qiyue.need.commands'] })).toEqual([['topic-missing', 'qiyue.need.commands', null]]);
  });

  it('are strangers among the readers, named by group and host', () => {
    const consumers = [{ group: 'g', topic: 't', messages: 0, oldestSeconds: 0, foreign: ['10.0.0.9'] }];
    expect(subjects({ consumers })).toEqual([['foreign-reader', 'g by 10.0.0.9', null]]);
  });

  it('are what the topic lacks or says otherwise, named by the first hole', () => {
    const topic = { lagRecords: 9, lagSeconds: 40, holes: 1, differing: 2, comparedSeconds: 3, next: { entity: 'n1', seq: 4 } };
    expect(troubled({ topic })).toEqual(['topic-differs']);
    expect(subjects({ topic })).toEqual([['topic-differs', 'n1', 4]]);
  });

  it('are what there never was, once the system has been in use for long enough', () => {
    const never = { checkpointAgeSeconds: null, verificationAgeSeconds: null, findings: 0 };
    expect(troubled({ evidence: { ...never, inUseSeconds: null } })).toEqual([]);
    expect(troubled({ evidence: { ...never, inUseSeconds: 3_600 } })).toEqual([]);
    expect(troubled({ evidence: { ...never, inUseSeconds: 200_000 } })).toEqual(['checkpoint-old', 'verification-old']);
  });

  it('are reactions that wait, named by their source, and those that were refused, by their command', () => {
    const command = { commandId: 'system:n1:4/release', aggregate: 'a', entity: 'e', type: 't' };
    const parked = { _id: 'n1', aggregate: 'b', seq: 4, why: 'lost', command, upTo: 5, attempts: 1, parkedAt: new Date(AT), nextAt: new Date(AT) };
    const source = { aggregate: 'b', entity: 'n1', seq: 4 };
    const refused = { _id: command.commandId, source, reaction: 'release', command, why: 'wrong-stage', at: AT, state: 'open' as const };
    const reactions = { parked: { count: 1, first: [parked] }, refused: { count: 1, first: [refused] } };
    expect(troubled({ reactions })).toEqual(['reaction-parked', 'reaction-refused']);
    expect(subjects({ reactions })).toEqual([
      ['reaction-parked', 'n1', 4],
      ['reaction-refused', 'system:n1:4/release', 4],
    ]);
  });

  it('are notices that were refused or hang, named by the channel', () => {
    const undelivered = { refused: { dingtalk: 2 }, hanging: { wecom: 1, sms: 3 } };
    expect(troubled({ undelivered })).toEqual(['notice-refused', 'notice-hanging']);
    expect(subjects({ undelivered })).toEqual([
      ['notice-refused', 'dingtalk', null],
      ['notice-hanging', 'wecom', null],
      ['notice-hanging', 'sms', null],
    ]);
  });

  it('are a process of which nobody has heard, by its name', () => {
    expect(subjects({ processes: GOOD.processes?.filter(({ name }) => name !== 'relay') ?? null })).toEqual([['process-missing', 'relay', null]]);
  });

  it('are other ones when an incident is past and comes again', () => {
    const row = (since: string): IncidentDocument => ({
      _id: 'diverged:n1',
      kind: 'diverged',
      subject: 'n1',
      entity: 'n1',
      seq: 2,
      why: 'w',
      since,
      lastAt: since,
      times: 1,
    });
    const idsOf = (since: string) => troublesOf({ ...GOOD, incidents: { count: 1, first: [row(since)] } }, OPTIONS).map(({ id }) => id);
    expect(idsOf(AT)).toEqual(idsOf(AT));
    expect(idsOf(AT)).not.toEqual(idsOf('2026-11-24T08:00:00.000+08:00'));
  });
});
