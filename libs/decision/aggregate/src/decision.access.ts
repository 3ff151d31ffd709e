import { sightsByPath, type Access } from '@qiyue/aggregate';
import { decisionEventSchemas } from '@qiyue/decision-contracts';
import { PERMISSIONS } from '@qiyue/decision-domain';
import { CLOSER_SIGHT, countedOf, endedAtOf, FIELD_SIGHT, ownPartOf, READING_RULES, relationOf, type DecisionView } from '@qiyue/decision-views';
import { decisionShown } from './decision.shown';

const events = Object.fromEntries(Object.entries(decisionEventSchemas).map(([type, schema]) => [type, { schema }]));

/** Who may do and see what of a decision. */
export const decisionAccess: Access<DecisionView> = {
  commands: PERMISSIONS,
  settled: new Set(['own-community']),
  relationOf,
  author: 'own',
  reading: READING_RULES,
  attaching: { community: ['own'], resident: ['owner'], property: ['owner'], grid: ['owner'] },
  leastSightOf: sightsByPath({ document: decisionShown, events, names: FIELD_SIGHT, closer: CLOSER_SIGHT }),
  ownPartOf,
  followsFrom: countedOf,
  secrets: new Set(['VoteCast.choice', 'VoteCast.owner', 'DecisionOpened.roster[].owner']),
  withinOf: ({ stage }) => stage,
  authorOf: () => null,
  followersOf: () => [],
  unitsOf: () => [],
  communitiesOf: ({ community }) => [community],
  endedAtOf,
};
