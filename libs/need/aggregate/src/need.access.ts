import { sightsByPath, type Access } from '@qiyue/aggregate';
import { needEventSchemas } from '@qiyue/need-contracts';
import { PERMISSIONS } from '@qiyue/need-domain';
import { ATTACH_RULES, CLOSER_SIGHT, endedAtOf, FIELD_SIGHT, READING_RULES, relationOf, type NeedView } from '@qiyue/need-views';
import { needShown } from './need.shown';

const events = Object.fromEntries(Object.entries(needEventSchemas).map(([type, schema]) => [type, { schema }]));

/** Who may do and see what of a need. */
export const needAccess: Access<NeedView> = {
  commands: PERMISSIONS,
  settled: new Set(['author', 'named-unit']),
  isOwnWord: (rule, data, { unit }) => rule === 'named-unit' && data['unit'] === unit,
  relationOf,
  author: 'author',
  reading: READING_RULES,
  attaching: ATTACH_RULES,
  leastSightOf: sightsByPath({
    document: needShown,
    beside: ['exactLocation', 'author.person', 'adopted[].persons', 'adopted[].persons[]'],
    events,
    names: FIELD_SIGHT,
    closer: CLOSER_SIGHT,
  }),
  withinOf: ({ stage }) => stage,
  authorOf: ({ author }) => author,
  followersOf: ({ followers }) => followers,
  unitsOf: ({ unit, helpers }) => [...(unit === null ? [] : [unit]), ...helpers],
  communitiesOf: ({ community }) => [community],
  endedAtOf,
};
