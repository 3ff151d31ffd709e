import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { ApiBench } from '../api-bench';
import { AnswerTable, type Compared } from './answer-table';
import { PACES, pacesOf, type KindOfAnswers, type Pace } from './kind';

const START = '2026-01-08T09:00:00+08:00';
const expectSame = (answers: readonly Compared[]): void => expect(answers.map(({ seen }) => seen)).toEqual(answers.map(({ wanted }) => wanted));

/**
 * The whole table of a kind of entity, over HTTP: a place in every stage, every command, everybody. Here what is reached without a deadline; the
 * rest is in a file of its own, `<kind>-in-time`, as a clock that runs fast needs the machine for itself.
 */
export const describeAnswers = (kind: KindOfAnswers): void => {
  const { places, aggregate } = kind;

  it('has a place in every stage', () => {
    const stage = aggregate.listing.filters['stage'] as z.ZodOptional<z.ZodEnum>;
    const stages = Object.keys(places).map((place) => place.split('/')[0]);
    expect([...new Set(stages)].sort()).toEqual([...stage.unwrap().options].sort());
  });

  describeAt(kind, ['standing']);
};

/** The places that deadlines lead to. */
export const describeAnswersInTime = (kind: KindOfAnswers): void => describeAt(kind, pacesOf(kind));

const describeAt = (kind: KindOfAnswers, paces: readonly Pace[]): void => {
  const { places } = kind;

  describe.each(paces)('on a clock for %s', (pace) => {
    let bench: ApiBench;
    let table: AnswerTable;
    beforeAll(async () => {
      bench = await ApiBench.rehearse(START, PACES[pace], { QIYUE_REQUESTS_PER_SECOND: '0' });
      table = new AnswerTable(bench, kind);
    }, 120_000);
    afterAll(() => bench?.close());

    it.each(Object.keys(places).filter((place) => places[place] === pace))(
      'answers every command of everybody as its rules do in %s',
      async (place) => expectSame(await table.answersIn(place)),
      120_000,
    );

    if (pace !== 'standing') return;
    it('is started by whom its rules let start one, and by nobody else', async () => expectSame(await table.startedBy()), 60_000);
    it('is not found by anybody before', async () => expect([...new Set(await table.answersOfNone())]).toEqual(['404 not-found']), 60_000);
  });
};
