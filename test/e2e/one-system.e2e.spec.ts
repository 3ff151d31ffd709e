import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSystem, type System } from '@qiyue/testkit';
import { badInput } from './bad-input.suite';
import { needLife } from './need-life.suite';
import { photos } from './photos.suite';
import { places } from './places.suite';
import { pseudonyms } from './pseudonyms.suite';
import { oneCommandOneAnswer } from './one-command-one-answer.suite';
import { tenMinutes } from './ten-minutes.suite';

/**
 * Suites that leave the system as sound as they found it: none of them kills a process, changes a setting or counts what others did.
 * They share one start of it, in this order: the first wants a ledger in which nobody has written yet, the last lists communities.
 */
describe('on one running system', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  }, 120_000);
  afterAll(() => system?.stop(), 60_000);
  const running = (): System => system;

  describe('bad input on the whole system', () => badInput(running));
  describe('the life of a need, over HTTP and Kafka, on the whole system', () => needLife(running));
  describe('one command id, one effect, one answer', () => oneCommandOneAnswer(running));

  describe('the first ten minutes', () => tenMinutes(running));
  describe('who a need is of, on the whole system', () => pseudonyms(running));
  describe('evidence with the report', () => photos(running));
  describe('places, and mistakes that people make', () => places(running));

  it('all this happens without one process ending', () => {
    expect(system.crashes).toEqual([]);
  });
});
