import {
  canonicalJson,
  digestOf,
  Entity,
  fingerprintOf,
  openRecord,
  plusMs,
  sha256Hex,
  type Actor,
  type Alias,
  type CommandEnvelope,
  type CommandShape,
  type EventShape,
  type StateDigest,
  type Tables,
} from '@qiyue/engine';
import { isPerson } from '@qiyue/civic-domain';
import { needDecider, PSEUDONYMS_SINCE, type NeedCommandType, type NeedState } from '@qiyue/need-domain';

/** A command as it was given under some rules, and what came of it and of the timers before it. */
export interface GoldenStep {
  readonly command: CommandEnvelope;
  /** `accepted`, or the refusal's code. */
  readonly outcome: string;
  /** Type and hash of each. */
  readonly records: readonly string[];
  /** Digests of the fields of the state that it moved, timers before it too. */
  readonly moved: StateDigest;
}

export interface GoldenLives {
  readonly rules: number;
  readonly tables: Tables;
  readonly lives: readonly (readonly GoldenStep[])[];
}

const LIVES = 28;
const STEPS = 24;
const HOUR_MS = 3_600_000;
const MONDAY = '2024-07-01T08:00:00.000+08:00';
const HOURS = [0, 0, 0, 1, 1, 5, 30, 60, 750];

const who = (id: string, role: string, unit: string | null): Actor => ({ id, role, unit });
const ANN = who('ann', 'resident', 'Lakeside');
const CORA = who('cora', 'community', 'Lakeside');
const WATER = who('wes', 'department', 'Water');
const ROADS = who('rod', 'department', 'Roads');
const CENTRE = who('cen', 'centre', 'Service centre');
const SYSTEM = who('retime', 'system', null);
const ACTORS = [ANN, CORA, WATER, ROADS, CENTRE, SYSTEM];

type Given = readonly [Actor, NeedCommandType, CommandEnvelope['data']];
const claim = (actor: Actor): Given => [actor, 'claim', { unit: actor.unit, plan: 'build it', helpers: ['Roads'] }];
const evaluate = (actor: Actor, side: string, satisfied: boolean): Given => [actor, 'evaluate', { side, score: satisfied ? 5 : 2, satisfied }];
const fund = (amountFen: number): Given => [WATER, 'fund', { amountFen, source: 'department', reference: 'B-1' }];
/** As a saga gives it: the department's part is reserved. */
const RESERVED = { unitYearId: 'unit-year-of-water', reservationId: 'reservation-1', unit: 'Water', departmentFen: 400_000 };
const MONEY: readonly Given[] = [
  [WATER, 'fund', { amountFen: 400_000, source: 'department', reference: 'B-2', reservation: RESERVED }],
  [
    CENTRE,
    'fund',
    { amountFen: 500_000, source: 'mixed', reference: 'B-3', split: { departmentFen: 400_000, donationFen: 100_000 }, reservation: RESERVED },
  ],
  [WATER, 'fund', { amountFen: 0, source: 'rework', reference: 'B-4' }],
];
const WAYS_OUT: readonly Given[] = [
  [CENTRE, 'adjust-funding', { deltaFen: 50_000, reason: 'longer than planned' }],
  [CENTRE, 'adjust-funding', { deltaFen: -50_000, reason: 'cheaper than planned' }],
  [CENTRE, 'cancel-works', { reason: 'the ground is too wet' }],
  [SYSTEM, 'vouch', { kind: 'tangible' }],
];
const DECISION: readonly Given[] = [
  [SYSTEM, 'await-decision', { decisionId: 'decision-1', community: 'Lakeside' }],
  [SYSTEM, 'note-decision', { decisionId: 'decision-1', progress: 'passed' }],
  [SYSTEM, 'note-decision', { decisionId: 'decision-1', progress: 'confirmed' }],
];
const PROJECT: readonly Given[] = [
  [SYSTEM, 'join-project', { projectId: 'project-1', unit: 'Water', community: 'Lakeside', role: 'community' }],
  [SYSTEM, 'leave-project', { projectId: 'project-1' }],
];
const REPORTS: readonly Given[] = [
  [WATER, 'report-in', { answer: 'coming' }],
  [ROADS, 'report-in', { answer: 'not-ours', reason: 'a pipe' }],
  [CORA, 'report-in', { answer: 'coming', person: 'member-7' }],
];
/** What the centre sends on and puts right. */
const DISPATCHED: readonly Given[] = [
  [CENTRE, 'dispatch', { unit: 'Water', reason: 'its business' }],
  [CENTRE, 'dispatch', { community: 'Lakeside' }],
  [CENTRE, 'dispatch', { community: 'Hillside' }],
  [CENTRE, 'whistle', { units: ['Roads'] }],
];
const CORRECTED: readonly Given[] = [
  [CENTRE, 'correct', { promisedBy: '2024-07-19T23:59:59.999+08:00', reason: 'another year was meant' }],
  [CENTRE, 'correct', { community: 'Lakeside', category: 'access', reason: 'mistyped' }],
];
const URGENT: readonly Given[] = [
  [ANN, 'amend', { urgency: 'emergency' }],
  [CORA, 'confirm-urgency', { urgency: 'normal' }],
  [CENTRE, 'confirm-urgency', { urgency: 'emergency' }],
];
const PROMISED: Given = [WATER, 'claim', { unit: 'Water', plan: 'build it', promisedBy: '2024-07-05T23:59:59.999+08:00' }];
const CLOCK: readonly Given[] = [
  [CORA, 'pause', { waitingFor: 'the owners' }],
  [CORA, 'resume', {}],
  [WATER, 'request-extension', { workingDays: 5, reason: 'parts are late' }],
  [CENTRE, 'grant', {}],
  [CENTRE, 'deny', { reason: 'no cause' }],
  [SYSTEM, 'retime', {}],
  [CORA, 'unadopt', { from: 'other' }],
];
const SUBMIT: Given = [
  ANN,
  'submit',
  { title: 'A ramp', kind: 'tangible', items: [{ name: 'ramp', quantity: 1, unit: 'piece' }], community: 'Lakeside' },
];
const LISTED: readonly Given[] = [
  [ANN, 'amend', { title: 'A wider ramp' }],
  [ANN, 'amend', { urgency: 'urgent' }],
  [CORA, 'inspect', { notes: 'seen' }],
  [CORA, 'whistle', { units: ['Water', 'Roads'] }],
  [CORA, 'adopt', { from: 'other', followers: ['pam'] }],
  [CORA, 'unadopt', { from: 'other' }],
  [ANN, 'share-contact', { unit: 'Water' }],
  ...REPORTS,
  ...DECISION,
  ...PROJECT,
  ...DISPATCHED,
  ...CORRECTED,
  ...URGENT,
];
const ENDS: readonly Given[] = [
  [ANN, 'withdraw', { reason: 'no longer needed' }],
  [CORA, 'reject', { reason: 'not for the county' }],
  [CORA, 'merge', { into: 'other' }],
];
const WORKS: readonly Given[] = [
  [WATER, 'start', {}],
  [WATER, 'progress', { note: 'half way' }],
  [WATER, 'complete', { evidence: [{ kind: 'note', text: 'done' }] }],
  [CORA, 'accept', {}],
  [CORA, 'refuse-works', { reason: 'too steep' }],
];
const HANDED_OVER = [WORKS[2] as Given, WORKS[3] as Given];
const LEADS_ON: Readonly<Record<NeedState['stage'], readonly Given[]>> = {
  unborn: [SUBMIT],
  submitted: [...LISTED, ...ENDS, claim(WATER), claim(WATER), claim(WATER), claim(WATER), claim(ROADS), PROMISED],
  claimed: [
    ...CLOCK,
    ...DECISION,
    ...CORRECTED,
    fund(500_000),
    fund(500_000),
    fund(500_000),
    fund(0),
    ...MONEY,
    ...MONEY,
    [WATER, 'return', { reason: 'not ours' }],
    [CORA, 'sign', {}],
    [WATER, 'sign', {}],
    [ROADS, 'join', {}],
    [ANN, 'share-contact', { unit: 'Roads' }],
    [ANN, 'amend', { contact: 'the porter' }],
  ],
  funded: [
    [WATER, 'complete', { evidence: [{ kind: 'note', text: 'done' }], finalCostFen: 450_000 }],
    ...WAYS_OUT,
    DECISION[2] as Given,
    ...WORKS,
    ...CLOCK,
    ...HANDED_OVER,
    ...HANDED_OVER,
    ...HANDED_OVER,
  ],
  done: [evaluate(ANN, 'resident', true), evaluate(CORA, 'community', true), evaluate(CORA, 'community', true), evaluate(ANN, 'resident', false)],
  evaluated: [[CORA, 'reopen', { reason: 'broken again' }], evaluate(ANN, 'resident', true), evaluate(CORA, 'community', true)],
  rejected: LISTED,
  withdrawn: LISTED,
  merged: LISTED,
};
const ANY: readonly Given[] = [...Object.values(LEADS_ON).flat(), ...ENDS];

/** Lives that come out the same at every run: the numbers that choose come out of a hash. */
export const goldenLives = (rules: number, tables: Tables): GoldenLives => ({
  rules,
  tables,
  lives: Array.from({ length: LIVES }, (_, life) => lived(`golden-${life}`, rules, tables)),
});

const lived = (id: string, rules: number, tables: Tables): readonly GoldenStep[] => {
  const entity = new Entity(needDecider, id, undefined, undefined, undefined, () => false); // as runs did when the first was recorded
  let now = MONDAY;
  let before: StateDigest = {};
  return Array.from({ length: STEPS }, (_, i) => {
    const [kind, which, hours, actor] = [0, 8, 16, 24].map((from) => parseInt(sha256Hex(`${id} ${i}`).slice(from, from + 8), 16));
    const [rightActor, type, data] = at((kind ?? 0) % 4 === 0 ? ANY : LEADS_ON[entity.currentState.stage], which);
    now = plusMs(now, at(HOURS, hours) * HOUR_MS);
    const asked = { entity: id, type, data, actor: (kind ?? 0) % 8 === 0 ? at(ACTORS, actor) : rightActor };
    const commandId = `${id}-${i}`;
    const stamped = {
      ...(rules === 1 ? {} : { rules }),
      ...(rules < PSEUDONYMS_SINCE || !isPerson(asked.actor.role) ? {} : { alias: aliasOf(id, asked.actor, commandId) }),
    };
    const command: CommandEnvelope = {
      ...asked,
      ...stamped,
      commandId,
      channel: 'http',
      receivedAt: now,
      fingerprint: fingerprintOf(asked),
    };
    const step = given(entity, i === 0 ? { ...command, tables } : command);
    const digest = digestOf(entity.currentState);
    const moved = Object.fromEntries(Object.entries(digest).filter(([field, hex]) => before[field] !== hex));
    before = digest;
    return { command, ...step, moved };
  });
};

/** How records name a person who gave a command, as the edge's keys would have it: of the same form, and the same at every run. */
export const aliasOf = (entity: string, { id }: Actor, commandId: string): Alias => ({
  ...{ id: pseudonymOf(entity, id), person: `sealed:v1:${sha256Hex(id).slice(0, 32)}:${sha256Hex(`person ${id}`)}` },
  commandId: pseudonymOf(entity, `command ${commandId}`),
});
const pseudonymOf = (entity: string, text: string): string => `p-${sha256Hex(`${entity} ${text}`).slice(0, 20)}`;

const at = <T>(list: readonly T[], index = 0): T => list[index % list.length] as T;

/** The outcome, and the records of the command and of what was due before it. */
const given = <S, C extends CommandShape, E extends EventShape, R extends string>(
  entity: Entity<S, C, E, R>,
  command: CommandEnvelope,
): Omit<GoldenStep, 'command' | 'moved'> => {
  const { outcome } = entity.handle(command);
  const records = entity.unconfirmed.flatMap((entry) => entry.records.map((record) => `${openRecord(record).type} ${record.hash}`));
  entity.confirm(entity.confirmationOfAll());
  return { outcome: outcome.status === 'accepted' ? 'accepted' : outcome.refusal.code, records };
};

export const goldenText = (golden: GoldenLives): string => {
  const lives = golden.lives.map((steps) => `  [\n${steps.map((step) => `   ${canonicalJson(step)}`).join(',\n')}\n  ]`);
  return `{"rules": ${golden.rules},\n "tables": ${canonicalJson(golden.tables)},\n "lives": [\n${lives.join(',\n')}\n ]}\n`;
};
