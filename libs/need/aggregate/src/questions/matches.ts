import type { EntityQuestion, QueryPorts } from '@qiyue/aggregate';
import { matchedResources, matchedUnits, SUGGESTED_MAX, wantedRows, type NeedView, type OfferedResource } from '@qiyue/need-views';
import { z } from 'zod';
import { recordRows } from '../unit-records';
import { resourceReason, told, unitReason } from './reasons';
import { score } from './similar';

const FIELDS = ['needId', 'title', 'description', 'kind', 'category', 'items', 'community', 'compound', 'location', 'createdAt'] as const;
type Field = (typeof FIELDS)[number];

const matchesAnswer = z.object({
  units: z
    .array(z.object({ unit: z.string(), score, reasons: z.array(unitReason).readonly() }))
    .max(SUGGESTED_MAX)
    .readonly(),
  resources: z
    .array(z.object({ resourceId: z.string(), kind: z.string(), name: z.string(), score, reasons: z.array(resourceReason).readonly() }))
    .max(SUGGESTED_MAX)
    .readonly(),
});
export type NeedMatches = z.infer<typeof matchesAnswer>;

/** What is offered for needs of a community, or for any, and not over yet. */
export type OfferedResources = (community: string, ports: QueryPorts) => Promise<readonly OfferedResource[]>;

/** Who and what could serve a need, for a person who asks them or does not. Resources are of another kind of entity: whoever knows it says where they are. */
export const matchesWith = (offered: OfferedResources): EntityQuestion<NeedView, Field, NeedMatches> => ({
  name: 'matches',
  title: { 'zh-CN': '可能承办的部门和可用的资源，附以往情况', en: 'Departments and resources that could serve it, with their record' },
  summary: `Departments and resources that could serve it, with their record, at most ${SUGGESTED_MAX} of each`,
  description:
    'Suggestions: a person decides. Departments by what they have done of the same topic, category, community and kind, and by how much they have open.',
  fields: FIELDS,
  answer: matchesAnswer,
  read: async (need, ports) => {
    const { language, now } = ports;
    const [rows, resources] = await Promise.all([recordRows(wantedRows(need), ports), offered(need.community, ports)]);
    return {
      units: matchedUnits(need, rows).map((match) => ({ ...match, reasons: match.reasons.map((reason) => told(language, reason)) })),
      resources: matchedResources(need, resources, now).map(({ resource: { resourceId, kind, name }, score, reasons }) => ({
        ...{ resourceId, kind, name, score },
        reasons: reasons.map((reason) => told(language, reason)),
      })),
    };
  },
});
