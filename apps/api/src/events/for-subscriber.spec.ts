import { describe, expect, it } from '@jest/globals';
import { reaches, type AnyAggregate } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { sightBy, SIGHTS, type Sight } from '@qiyue/civic-views';
import type { CloudEvent } from '@qiyue/engine-runtime';
import { ROLES } from '@qiyue/platform';
import { sealedBy } from '@qiyue/privacy';
import { goldenEvents } from '../docs/examples';
import { forCounty, forSubscriber } from './for-subscriber';

const eventOf = ({ decider }: AnyAggregate, type: string, data: object): CloudEvent =>
  ({ type: `qiyue.${decider.aggregate}.${type}.v1`, actorid: 'a', actorrole: 'system', commandid: 'c', data }) as unknown as CloudEvent;
const asIs = (id: string): string => id;

/** Every value that somebody is shown, with the path of its field; numbers and texts alone. */
const shownIn = (value: unknown, path = ''): readonly (readonly [string, unknown])[] => {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => shownIn(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return value === null ? [] : [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => shownIn(inner, path === '' ? name : `${path}.${name}`));
};

const CASES = AGGREGATES.flatMap((aggregate) =>
  Object.entries(goldenEvents(aggregate)).map(([type, recorded]) => [aggregate.decider.aggregate, type, aggregate, recorded] as const),
);

describe('an event as a subscriber sees it', () => {
  it.each(CASES)('of %s, %s, shows each role what a stranger of that role may see, and nothing else', (_, type, aggregate, recorded) => {
    for (const role of ROLES) {
      const asStranger = sightBy(aggregate.access.reading, role, 'other');
      const sight = SIGHTS[Math.min(SIGHTS.indexOf(asStranger), SIGHTS.indexOf('official'))] as Sight;
      for (const data of recorded) {
        const event = forSubscriber(eventOf(aggregate, type, data), aggregate, role, asIs);
        const more = shownIn(event.data).filter(
          ([path, value]) => !reaches(sight, aggregate.access.leastSightOf(path, type)) && !(typeof value === 'string' && sealedBy(value) !== null),
        );
        expect([role, more]).toEqual([role, []]);
      }
    }
  });

  it('tells residents that money of a department was granted, and not how much, and names what is left out', () => {
    const unitYear = AGGREGATES.find(({ path }) => path === 'unit-years') as AnyAggregate;
    const granted = eventOf(unitYear, 'BudgetSet', { unit: '住建局', year: 2026, amountFen: 1_000, beforeFen: null, reference: '财预1号' });
    const seen = forSubscriber(granted, unitYear, 'resident', asIs);
    expect([seen.data, seen.redacted]).toEqual([
      { unit: '住建局', year: 2026, amountFen: null, beforeFen: null, reference: null },
      'amountFen,reference',
    ]);
    expect(forSubscriber(granted, unitYear, 'department', asIs)).toBe(granted);
  });

  it('tells those who act for the county everything but who votes and how, and those who supervise the count that too', () => {
    const decisions = AGGREGATES.find(({ path }) => path === 'decisions') as AnyAggregate;
    const sealed = `sealed:v1:${'0'.repeat(32)}:${'A'.repeat(80)}`;
    const voteOf = (choice: string) =>
      eventOf(decisions, 'VoteCast', { needId: 'n', owner: 'ann', areaCm2: 1, choice, channel: 'paper', replaces: false });
    const opened = eventOf(decisions, 'DecisionOpened', {
      needId: 'n',
      roster: [
        { room: '101', areaCm2: 1, owner: 'ann' },
        { room: '102', areaCm2: 1, owner: null },
      ],
    });
    for (const role of ['operator', 'service', 'centre']) {
      const [plain, vote, roster] = [voteOf('agree'), voteOf(sealed), opened].map((event) => forCounty(event, decisions, role));
      expect([plain?.data, plain?.redacted]).toEqual([{ ...voteOf('agree').data, owner: null, choice: null }, 'owner,choice']);
      expect([vote?.data, vote?.redacted]).toEqual([{ ...voteOf(sealed).data, owner: null }, 'owner']);
      expect([roster?.data, roster?.redacted]).toEqual([
        { needId: 'n', roster: ['101', '102'].map((room) => ({ room, areaCm2: 1, owner: null })) },
        'owner',
      ]);
    }
    for (const event of [voteOf('agree'), voteOf(sealed), opened]) expect(forCounty(event, decisions, 'supervisor')).toBe(event);
  });

  it.each(CASES)(
    'of %s, %s, is told to those who act for the county without what its definition calls secret, wherever it stands',
    (_, type, aggregate, recorded) => {
      const { secrets = new Set<string>(), reading, leastSightOf } = aggregate.access;
      for (const role of ['operator', 'service', 'centre', 'supervisor'])
        for (const data of recorded) {
          const told = shownIn(forCounty(eventOf(aggregate, type, data), aggregate, role).data).filter(
            ([path, value]) =>
              secrets.has(`${type}.${path}`) &&
              !reaches(sightBy(reading, role, 'other'), leastSightOf(path, type)) &&
              !(typeof value === 'string' && sealedBy(value) !== null),
          );
          expect([role, told]).toEqual([role, []]);
        }
    },
  );

  it('shows a need’s money to everybody, as its list does', () => {
    const need = AGGREGATES.find(({ path }) => path === 'needs') as AnyAggregate;
    const funded = eventOf(need, 'NeedFunded', { amountFen: 100, source: 'donation', reference: 'r' });
    expect(forSubscriber(funded, need, 'resident', asIs)).toBe(funded);
  });
});
