import { sightsByPath, type Access } from '@qiyue/aggregate';
import { contractEventSchemas } from '@qiyue/contract-contracts';
import { PERMISSIONS, sideOf } from '@qiyue/contract-domain';
import { endedAtOf, FIELD_SIGHT, READING_RULES, relationOf, type ContractView } from '@qiyue/contract-views';
import { contractShown } from './contract.shown';

const events = Object.fromEntries(Object.entries(contractEventSchemas).map(([type, schema]) => [type, { schema }]));

/** Who may do and see what of a contract. Either side attaches files: the signed paper, photos of what was done. */
export const contractAccess: Access<ContractView> = {
  commands: PERMISSIONS,
  settled: new Set(['named-party', 'own-side']),
  isOwnWord: (rule, data, actor) =>
    rule === 'named-party' && sideOf(actor, { unit: String(data['unit']), community: String(data['community']) }) !== null,
  relationOf,
  author: 'party',
  reading: READING_RULES,
  attaching: { community: ['party'], department: ['party'] },
  leastSightOf: sightsByPath({ document: contractShown, events, names: FIELD_SIGHT }),
  withinOf: ({ stage }) => stage,
  authorOf: () => null,
  followersOf: () => [],
  unitsOf: ({ unit }) => [unit],
  communitiesOf: ({ community }) => [community],
  endedAtOf,
};
