import { describe, expect, it } from '@jest/globals';
import type { RecordBody } from '@qiyue/engine';
import type { ProjectEvent } from '@qiyue/project-domain';
import { foldProjectScore, yearOfProject, type ProjectScore } from '@qiyue/project-views';
import { communityProjectScores, projectScores } from './project-scores';

const time = '2024-12-31T20:00:00.000+08:00';
const scoreAfter = (events: readonly ProjectEvent[]): ProjectScore => {
  const records = events.map(({ type, data }, i) => ({ entity: 'p', seq: i + 1, type, data, time }) as unknown as RecordBody);
  return records.reduce<ProjectScore | null>(foldProjectScore, null) as ProjectScore;
};
const planned: ProjectEvent = { type: 'ProjectPlanned', data: { title: 't', unit: 'Water', community: 'Lakeside', startsOn: '2025-01-02' } };
const started: ProjectEvent = { type: 'ProjectStarted', data: { cause: 'by-hand' } };
const held = (reservationId: string) => ({ resourceId: 'r', reservationId });
const finished = (...ids: string[]): ProjectEvent => ({
  type: 'ProjectFinished',
  data: { cause: 'by-hand', reservations: ids.map(held), closesAt: time },
});
const left = (id: string, end: 'used' | 'freed'): ProjectEvent => ({ type: 'ResourceLeft', data: { ...held(id), end } });

describe('what a project gives to the scoreboards', () => {
  it('counts for its lead and its community, in the year of its first day', () => {
    const sums = { projects: 1, projectsFinished: 0, projectsCancelled: 0 };
    expect(projectScores.partsOf(scoreAfter([planned]))).toEqual([{ key: { unit: 'Water', year: 2025 }, sums }]);
    expect(communityProjectScores.partsOf(scoreAfter([planned]))).toEqual([
      { key: { community: 'Lakeside', year: 2025 }, sums: { ...sums, resourcesUsed: 0 } },
    ]);
  });

  it('is finished until a need brings it back, or cancelled', () => {
    const sumsAfter = (...events: ProjectEvent[]) => projectScores.partsOf(scoreAfter([planned, started, ...events]))[0]?.sums;
    expect(sumsAfter(finished())).toMatchObject({ projectsFinished: 1 });
    expect(sumsAfter(finished(), { type: 'ProjectReopened', data: { needId: 'n' } })).toMatchObject({ projectsFinished: 0 });
    expect(sumsAfter({ type: 'ProjectCancelled', data: { reason: 'r', needs: [], reservations: [] } })).toMatchObject({ projectsCancelled: 1 });
  });

  it('counts each reservation that was used once, whoever says so and how often', () => {
    const usedAfter = (...events: ProjectEvent[]) => scoreAfter([planned, started, ...events]).used;
    expect(usedAfter(left('a', 'used'), finished('b'), left('b', 'used'))).toEqual(['a', 'b']);
    expect(usedAfter(finished('a', 'b'), left('b', 'freed'))).toEqual(['a']);
  });

  it('is of the year of its last day where it has no first one, and else of the year of Shanghai in which it was planned', () => {
    expect(yearOfProject({ endsOn: '2026-01-05' }, time)).toBe(2026);
    expect(yearOfProject({}, '2024-12-31T16:30:00.000Z')).toBe(2025);
  });
});
