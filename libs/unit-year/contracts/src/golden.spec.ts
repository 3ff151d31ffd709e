import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { unitYearDecider, type UnitYearEvent, type UnitYearEventType } from '@qiyue/unit-year-domain';
import { UNIT_YEAR_EVENT_TYPES, unitYearEventSchema } from './index';

/*
 * Golden files are events as they were once recorded. They are never edited: a change of today's schema or evolve that
 * cannot read them any more would make real histories unreadable. A new form of an event gets a new file beside them.
 */
const FOLDER = join(__dirname, '..', 'golden');
const FILES = readdirSync(FOLDER).sort();
const golden = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
const event = (name: string): UnitYearEvent => unitYearEventSchema.parse(golden(`${name}.json`));

const OPEN = ['UnitYearOpened.timed'];
const RESERVED = [...OPEN, 'BudgetSet.first', 'FundsReserved'];
const PROMISED = [...OPEN, 'PledgeMade.least', 'PledgeMade.most', 'PledgeMade.service'];
const PUBLISHED = [...PROMISED, 'PledgesPublished.timed'];

/** What has to lie before an event of each type, and where the event leads. */
const PASTS: Readonly<Record<UnitYearEventType, readonly [past: readonly string[], place: string]>> = {
  UnitYearOpened: [[], 'pledging/promising'],
  BudgetSet: [OPEN, 'pledging/promising'],
  BudgetAdjusted: [RESERVED, 'pledging/promising'],
  FundsReserved: [OPEN, 'pledging/promising'],
  ReservationResized: [RESERVED, 'pledging/promising'],
  FundsCommitted: [RESERVED, 'pledging/promising'],
  FundsReleased: [RESERVED, 'pledging/promising'],
  PledgeMade: [OPEN, 'pledging/promising'],
  PledgeAmended: [PROMISED, 'pledging/promising'],
  PledgeWithdrawn: [PROMISED, 'pledging/promising'],
  PledgesPublished: [PROMISED, 'published/matching'],
  PledgeLinked: [PUBLISHED, 'published/matching'],
  PledgeUnlinked: [[...PUBLISHED, 'PledgeLinked'], 'published/matching'],
  PledgesUnderWay: [PUBLISHED, 'fulfilling/at-work'],
  PledgeContested: [PUBLISHED, 'published/matching'],
  PledgeSettled: [[...PUBLISHED, 'PledgeContested'], 'published/matching'],
  PledgeFulfilled: [[...PUBLISHED, 'PledgeLinked'], 'published/matching'],
  PledgeFailed: [PUBLISHED, 'published/matching'],
  PledgeCarriedOver: [PUBLISHED, 'published/matching'],
  UnitYearClosed: [[...PUBLISHED, 'PledgeContested'], 'closed/ended'],
  DeadlineApproaching: [OPEN, 'pledging/promising'],
  DeadlineMissed: [OPEN, 'pledging/promising'],
  Escalated: [OPEN, 'pledging/promising'],
  DeadlineMoved: [OPEN, 'pledging/promising'],
};
/** Where one form of an event leads elsewhere than the others. */
const OWN_PLACES: Readonly<Record<string, string>> = { 'PledgesPublished.fulfilling.json': 'fulfilling/at-work' };

describe('an event recorded by an earlier version', () => {
  it.each(FILES)("is read by today's schema without loss and folded by today's evolve: %s", (name) => {
    const recorded = golden(name);
    const read = unitYearEventSchema.parse(recorded);
    expect(read).toEqual(recorded);
    expect(name.split('.')[0]).toBe(read.type);
    const [past, place] = PASTS[read.type];
    const state = [...past.map(event), read].reduce((folded, one) => unitYearDecider.evolve(folded, one, { rules: 1 }), unitYearDecider.initial);
    expect(Object.values(unitYearDecider.summary(state)).join('/')).toBe(OWN_PLACES[name] ?? place);
  });
  it('is there for every type', () => {
    expect([...new Set(FILES.map((name) => name.split('.')[0]))].sort()).toEqual([...UNIT_YEAR_EVENT_TYPES].sort());
  });
  it('that has an unknown type or lacks a field is not taken for one', () => {
    expect(unitYearEventSchema.safeParse({ type: 'UnitYearForgotten', data: {} }).success).toBe(false);
    expect(unitYearEventSchema.safeParse({ type: 'FundsReserved', data: { amountFen: 1 } }).success).toBe(false);
    expect(
      unitYearEventSchema.safeParse({ type: 'BudgetSet', data: { unit: 'W', year: 2024, beforeFen: null, amountFen: '1', reference: 'r' } }).success,
    ).toBe(false);
  });
  it('is read without what a later version adds to it', () => {
    const recorded = golden('FundsReserved.json') as { readonly data: object };
    expect(unitYearEventSchema.parse({ ...recorded, data: { ...recorded.data, later: 1 } })).toEqual(recorded);
  });
});
