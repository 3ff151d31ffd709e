import { randomBytes } from 'node:crypto';
import { ROLES } from '@qiyue/platform';
import { unitYear } from '@qiyue/unit-year';
import type { ApiBench } from '../api-bench';
import { NEED, RESIDENT } from '../people';
import type { Who } from '../test-tokens';
import type { KindOfAnswers, Scene, Step } from './kind';

const YEAR = 2099;
const CENTRE: Who = { actor: 'centre-1', role: 'centre', unit: '服务中心' };
const BODIES: Readonly<Record<string, object>> = {
  'set-budget': { amountFen: 1_000, reference: '财预2号' },
  'adjust-budget': { deltaFen: 500, reason: '雨水多' },
  pledge: { kind: 'tangible', title: '路灯' },
  'amend-pledge': { pledgeId: 'p1', description: '太阳能' },
  'withdraw-pledge': { pledgeId: 'p1', reason: '已由他人实施' },
  unlink: { pledgeId: 'p1' },
  contest: { pledgeId: 'p1', reason: '传单不是路灯' },
  settle: { pledgeId: 'p1', upheld: true, reason: '属实' },
  'carry-over': { pledgeId: 'p1', reason: '霜期早' },
};
const KINDS_PLEDGED = ['tangible', 'tangible', 'service'] as const;

/** Of every role somebody whose unit the year is of, and somebody of another. */
const peopleOn = (unit: string): readonly Who[] =>
  ROLES.flatMap((role) => [
    { actor: `${role}-1`, role, unit },
    { actor: `${role}-2`, role, unit: '住建局' },
  ]);

const waysOf = (unit: string, needIds: readonly string[]): Scene['ways'] => {
  const officer: Who = { actor: 'department-1', role: 'department', unit };
  const granted: readonly Step[] = [
    { type: 'set-budget', as: CENTRE },
    { type: 'reserve', data: { unit, year: YEAR, reservationId: 'r1', needId: needIds[0], amountFen: 400 } },
  ];
  const pledged: readonly Step[] = KINDS_PLEDGED.map((kind, i) => ({ type: 'pledge', as: officer, data: { kind, title: `承诺${i + 1}` } }));
  const published: readonly Step[] = [...pledged, { type: 'publish', as: CENTRE }];
  const linked: readonly Step[] = needIds.map((needId, i) => ({ type: 'link', as: officer, data: { pledgeId: `p${i + 1}`, needId } }));
  const fulfilling = [...published, ...linked];
  const close: Step = { type: 'close', as: CENTRE };
  return {
    'pledging/promising': [...granted, ...pledged],
    'published/matching': [...granted, ...published],
    'fulfilling/at-work': [...granted, ...fulfilling],
    'closed/settling': [...granted, ...fulfilling, close],
    'closed/ended': [...fulfilling, close],
  };
};

const sceneOf = async (bench: ApiBench): Promise<Scene> => {
  const unit = `水利${randomBytes(6).toString('hex')}局`; // the same unit and year would be the same entity
  const needs = await Promise.all(KINDS_PLEDGED.map((kind) => bench.post('/v1/needs', RESIDENT, { ...NEED, kind })));
  const needIds = needs.map(({ body }) => String(body['needId']));
  return {
    starts: { as: CENTRE, data: { unit, year: YEAR } },
    people: peopleOn(unit),
    bodyOf: (type) => (type === 'link' ? { pledgeId: 'p1', needId: needIds[0] } : (BODIES[type] ?? {})),
    ways: waysOf(unit, needIds),
  };
};

export const unitYearAnswers: KindOfAnswers = {
  aggregate: unitYear,
  sceneOf,
  places: {
    'pledging/promising': 'standing',
    'published/matching': 'standing',
    'fulfilling/at-work': 'standing',
    'closed/settling': 'standing',
    'closed/ended': 'standing',
  },
};
