import { sightsByPath, type Access } from '@qiyue/aggregate';
import { unitYearEventSchemas } from '@qiyue/unit-year-contracts';
import { PERMISSIONS } from '@qiyue/unit-year-domain';
import { CLOSER_SIGHT, endedAtOf, FIELD_SIGHT, READING_RULES, relationOf, type UnitYearView } from '@qiyue/unit-year-views';
import { unitYearShown } from './unit-year.shown';

const events = Object.fromEntries(Object.entries(unitYearEventSchemas).map(([type, schema]) => [type, { schema }]));

/** Who may do and see what of a unit's year. Nobody attaches files to one: evidence is with the needs. */
export const unitYearAccess: Access<UnitYearView> = {
  commands: PERMISSIONS,
  settled: new Set(['own-unit']),
  relationOf,
  author: 'own',
  reading: READING_RULES,
  attaching: {},
  leastSightOf: sightsByPath({ document: unitYearShown, events, names: FIELD_SIGHT, closer: CLOSER_SIGHT }),
  withinOf: ({ stage }) => stage,
  authorOf: () => null,
  followersOf: () => [],
  unitsOf: ({ unit }) => [unit],
  communitiesOf: ({ pledges }) => [
    ...new Set(pledges.flatMap(({ community, contest }) => [community, contest?.community ?? null]).filter((name) => name !== null)),
  ],
  endedAtOf,
};
