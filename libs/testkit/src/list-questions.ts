import type { Asker } from '@qiyue/aggregate';
import { lightOf } from '@qiyue/civic-views';
import { waitsForOf, type NeedView } from '@qiyue/need-views';
import { communityNumber } from './many-needs';

/** The moment at which the lists are asked. */
export const LIST_NOW = '2026-06-01T09:00:00.000+08:00';
const COMMUNITY = communityNumber(0);
const UNIT = '住建局';

const asking = (role: string, unit: string | null = null): Asker => ({ id: 'ann', role, unit, seesPersonal: true });
const CENTRE = asking('operator');
const DEPARTMENT = asking('department', UNIT);
const FOR_COMMUNITY = asking('community', COMMUNITY);

const day = (view: NeedView): string => view.createdAt.slice(0, 10);
const isDue = ({ dueAt, clock }: NeedView): boolean => dueAt !== null && !clock?.paused && dueAt < LIST_NOW;
const wasLate = ({ stages, clock }: NeedView): boolean =>
  stages.some(({ late }) => late === true) || clock?.steps.some(({ kind, firedAt }) => kind === 'missed' && firedAt !== null) === true;
const waitsFor = (view: NeedView, who: string, name?: string): boolean =>
  waitsForOf(view).some((one) => one.who === who && (name === undefined || one.names.includes(name)));

const holds = ({ title, category, community, items, plan }: NeedView, word: string): boolean =>
  [title, category, community, plan, ...items.map(({ name }) => name)].some((text) => text?.includes(word));

/** What is asked, by whom, and whether a need belongs into the answer by a plain look at it. */
export type ListQuestion = readonly [query: Readonly<Record<string, string>>, asker: Asker, fits: (view: NeedView) => boolean];
/** What a department has to do. */
export const LIST_OF_DEPARTMENT: ListQuestion = [{ waitingFor: 'me' }, DEPARTMENT, (view) => waitsFor(view, 'unit', UNIT)];
/** Each filter alone. */
export const LIST_FILTERS: readonly ListQuestion[] = [
  [{}, CENTRE, () => true],
  [{ stage: 'claimed' }, CENTRE, ({ stage }) => stage === 'claimed'],
  [{ status: 'at-acceptance' }, CENTRE, ({ status }) => status === 'at-acceptance'],
  [{ unit: UNIT }, CENTRE, ({ unit }) => unit === UNIT],
  [{ community: COMMUNITY }, CENTRE, ({ community }) => community === COMMUNITY],
  [{ kind: 'service' }, CENTRE, ({ kind }) => kind === 'service'],
  [{ category: '道路维修' }, CENTRE, ({ category }) => category === '道路维修'],
  [{ urgency: 'normal' }, CENTRE, ({ urgency }) => urgency === null || urgency === 'normal'],
  [{ mine: 'true' }, DEPARTMENT, ({ unit, helpers }) => unit === UNIT || helpers.includes(UNIT)],
  [{ mine: 'true' }, FOR_COMMUNITY, ({ community }) => community === COMMUNITY],
  LIST_OF_DEPARTMENT,
  [{ waitingFor: 'me' }, FOR_COMMUNITY, (view) => waitsFor(view, 'community', COMMUNITY)],
  [{ waitingFor: 'unit' }, CENTRE, (view) => waitsFor(view, 'unit')],
  [{ waitingFor: 'residents' }, CENTRE, (view) => waitsFor(view, 'residents')],
  [{ overdue: 'true' }, CENTRE, isDue],
  [{ overdue: 'false' }, CENTRE, (view) => !isDue(view)],
  [{ late: 'true' }, CENTRE, (view) => isDue(view) || wasLate(view)],
  [{ late: 'false' }, CENTRE, (view) => !isDue(view) && !wasLate(view)],
  [{ satisfied: 'false' }, CENTRE, ({ evaluations }) => evaluations.resident?.satisfied === false],
  [{ light: 'red' }, CENTRE, (view) => lightOf(view, LIST_NOW) === 'red'],
  [{ light: 'yellow' }, CENTRE, (view) => lightOf(view, LIST_NOW) === 'yellow'],
  [{ light: 'green' }, CENTRE, (view) => lightOf(view, LIST_NOW) === 'green'],
  [{ year: '2024' }, CENTRE, (view) => day(view).startsWith('2024')],
  [{ from: '2024-03-05', to: '2024-04-10' }, CENTRE, (view) => day(view) >= '2024-03-05' && day(view) <= '2024-04-10'],
  [{ q: '路灯' }, CENTRE, ({ title, category }) => `${title} ${category ?? ''}`.includes('路灯')],
];
/** What people ask together. */
export const LIST_COMBINATIONS: readonly ListQuestion[] = [
  [{ unit: UNIT, stage: 'funded' }, CENTRE, ({ unit, stage }) => unit === UNIT && stage === 'funded'],
  [{ waitingFor: 'me', sort: 'due' }, DEPARTMENT, (view) => waitsFor(view, 'unit', UNIT)],
  [
    { waitingFor: 'unit', stage: 'submitted', category: '加装扶手' },
    CENTRE,
    (v) => waitsFor(v, 'unit') && v.stage === 'submitted' && v.category === '加装扶手',
  ],
  [{ community: COMMUNITY, light: 'red' }, CENTRE, (v) => v.community === COMMUNITY && lightOf(v, LIST_NOW) === 'red'],
  [
    { community: COMMUNITY, year: '2023', satisfied: 'false' },
    CENTRE,
    (v) => v.community === COMMUNITY && day(v).startsWith('2023') && v.evaluations.resident?.satisfied === false,
  ],
  [{ mine: 'true', late: 'true', sort: 'lateness' }, DEPARTMENT, (v) => (v.unit === UNIT || v.helpers.includes(UNIT)) && (isDue(v) || wasLate(v))],
  [{ q: '灯 5号楼', community: COMMUNITY }, CENTRE, (v) => v.community === COMMUNITY && holds(v, '灯') && holds(v, '5号楼')],
  [{ urgency: 'emergency', waitingFor: 'unit', sort: 'urgency' }, CENTRE, (v) => v.urgency === 'emergency' && waitsFor(v, 'unit')],
  [{ unit: UNIT, from: '2025-01-01', to: '2025-03-31' }, CENTRE, (v) => v.unit === UNIT && day(v) >= '2025-01-01' && day(v) <= '2025-03-31'],
  [
    { kind: 'service', stage: 'evaluated', late: 'false', year: '2022' },
    CENTRE,
    (v) => v.kind === 'service' && v.stage === 'evaluated' && !isDue(v) && !wasLate(v) && day(v).startsWith('2022'),
  ],
];
export const LIST_SORTS = ['new', 'due', 'urgency', 'lateness'] as const;
