import { yearOf } from '@qiyue/civic-domain';
import { eventOf, type RecordBody } from '@qiyue/engine';
import type { OfReservation, ProjectContent, ProjectEvent, ProjectStage } from '@qiyue/project-domain';

/** What of a project is counted. */
export interface ProjectScore {
  readonly unit: string;
  readonly community: string;
  readonly year: number;
  readonly stage: ProjectStage;
  /** Reservations of resources that were used in it. */
  readonly used: readonly string[];
}

/** The year that a project is of: that of its first day, else of its last, else of when it was planned (ISO 8601). */
export const yearOfProject = ({ startsOn, endsOn }: Pick<ProjectContent, 'startsOn' | 'endsOn'>, plannedAt: string): number => {
  const day = startsOn ?? endsOn;
  return day === undefined ? yearOf(plannedAt) : Number(day.slice(0, 4));
};

/** One record more. Trusts its order: whoever folds has checked it. */
export const foldProjectScore = (score: ProjectScore | null, record: RecordBody): ProjectScore => {
  const event = eventOf<ProjectEvent>(record);
  if (score !== null) return { ...score, ...change(score, event) };
  if (event.type !== 'ProjectPlanned') throw new Error(`corrupt stream ${record.entity}: ${event.type} before ProjectPlanned`);
  const { unit, community } = event.data;
  return { unit, community, year: yearOfProject(event.data, record.time), stage: 'planned', used: [] };
};

const change = ({ used }: ProjectScore, event: ProjectEvent): Partial<ProjectScore> => {
  switch (event.type) {
    case 'ProjectStarted':
    case 'ProjectReopened':
      return { stage: 'under-way' };
    case 'ResourceLeft':
      return { used: event.data.end === 'used' ? withAll(used, [event.data]) : withoutAll(used, [event.data]) };
    case 'ProjectFinished':
      return { stage: 'finished', used: withAll(used, event.data.reservations) };
    case 'ProjectCancelled':
      return { stage: 'cancelled', used: withoutAll(used, event.data.reservations) };
    default:
      return {};
  }
};

const withAll = (used: readonly string[], more: readonly OfReservation[]): readonly string[] => [
  ...new Set([...used, ...more.map(({ reservationId }) => reservationId)]),
];
const withoutAll = (used: readonly string[], gone: readonly OfReservation[]): readonly string[] =>
  used.filter((id) => gone.every(({ reservationId }) => reservationId !== id));
