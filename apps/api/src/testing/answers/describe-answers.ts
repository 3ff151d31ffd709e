import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { ApiBench } from '../api-bench';
import { AnswerTable, type Compared } from './answer-table';
import { PACES, type KindOfAnswers, type Pace } from './kind';

const START = '2026-01-08T09:00:00+08:00';
const expectSame = (answers: readonly Compared[]): void => expect(answers.map(({ seen }) => seen)).toEqual(answers.map(({ wanted }) => wanted));

/** The whole table of a kind of entity, over HTTP: a place in every stage, every command, everybody. */
export const describeAnswers = (kind: KindOfAnswers): void => {
  const { places, aggregate } = kind;
  const paceOf = (place: string): Pace => places[place] ?? 'standing';
  const used = (Object.keys(PACES) as readonly Pace[]).filter((pace) => Object.values(places).includes(pace));

  it('has a place in every stage', () => {
    const stage = aggregate.listing.filters['stage'] as z.ZodOptional<z.ZodEnum>;
    const stages = Object.keys(places).map((place) => place.split('/')[0]);
    expect([...new Set(stages)].sort()).toEqual([...stage.unwrap().options].sort());
  });

  describe.each(used)('on a clock for %s', (pace) => {
    let bench: ApiBench;
    let table: AnswerTable;
    beforeAll(async () => {
      bench = await ApiBench.rehearse(START, PACES[pace], { QIYUE_REQUESTS_PER_SECOND: '0' });
      table = new AnswerTable(bench, kind);
    }, 120_000);
    afterAll(() => bench?.close());

    it.each(Object.keys(places).filter((place) => paceOf(place) === pace))(
      'answers every command of everybody as its rules do in %s',
      async (place) => expectSame(await table.answersIn(place)),
      120_000,
    );

    if (pace !== 'standing') return;
    it('is started by whom its rules let start one, and by nobody else', async () => expectSame(await table.startedBy()), 60_000);
    it('is not found by anybody before', async () => expect([...new Set(await table.answersOfNone())]).toEqual(['404 not-found']), 60_000);
  });
};
