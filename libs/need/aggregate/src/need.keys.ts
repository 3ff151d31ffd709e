import { numberKeysOf, type NumberKeys } from '@qiyue/aggregate';
import { searchKeysOf, type SearchKeys } from '@qiyue/civic-contracts';
import { instantMsOf, toShanghaiIso } from '@qiyue/engine';
import { yellowFromMs } from '@qiyue/civic-views';
import { waitsForOf, wasLate, type NeedView, type Waiting } from '@qiyue/need-views';

/** Behind every instant: of what has none. */
export const NEVER = '9';

/**
 * What lists of needs are found by, beside the document. `has`: whatever a filter may ask for, as one text each, so that one index serves every filter with an
 * order. The rest are the orders, and instants between which a light is of one colour.
 */
export interface NeedKeys extends SearchKeys, NumberKeys {
  readonly has: readonly string[];
  /** When the deadline ends that runs; `NEVER` while none does, and while the clock stands still. */
  readonly due: string;
  /** From when on its light is yellow. */
  readonly yellow: string;
  readonly urgency: string;
  readonly lateness: string;
}

/** In the order of urgency. */
export const RANKS = { emergency: 0, urgent: 1, normal: 2 } as const;
const RUNGS_MAX = 9;
/** Beyond so many, categories and names of needs are no more filters than words. */
const HAS_MAX = 100;

export const needKeysOf = (view: NeedView): NeedKeys => {
  const due = (view.clock?.paused ? null : view.dueAt) ?? NEVER;
  const rungs = Math.min(view.clock?.escalatedTo ?? 0, RUNGS_MAX);
  return {
    ...numberKeysOf(view.needId, view.createdAt),
    has: [...new Set(tokensOf(view, waitsForOf(view), due))].slice(0, HAS_MAX),
    due,
    yellow: due === NEVER ? NEVER : toShanghaiIso(yellowFromMs(view, instantMsOf(due))),
    urgency: `${RANKS[view.urgency ?? 'normal']}${due}`,
    lateness: `${RUNGS_MAX - rungs}${due}`,
    ...searchKeysOf([view.title, view.category, view.community, ...view.items.map(({ name }) => name), view.plan]),
  };
};

/** `name:value` of a filter. */
export const tokenOf = (filter: string, value: string): string => `${filter}:${value}`;

/** What most needs are, or have: an index by it would be large and find nothing sooner, so that these are looked up in the document. */
const COMMON: ReadonlySet<string> = new Set(['stage:evaluated', 'status:closed', 'kind:tangible', 'urgency:normal', 'satisfied:true']);
export const isCommon = (token: string): boolean => COMMON.has(token);

const tokensOf = (view: NeedView, waitsFor: readonly Waiting[], due: string): readonly string[] =>
  [
    'all',
    ...(['stage', 'status', 'kind', 'community'] as const).map((name) => tokenOf(name, view[name])),
    tokenOf('urgency', view.urgency ?? 'normal'),
    tokenOf('month', view.createdAt.slice(0, 'YYYY-MM'.length)),
    ...(view.category === null ? [] : [tokenOf('category', view.category)]),
    ...[view.unit, ...view.helpers, ...view.joined].flatMap((unit) => (unit === null ? [] : [tokenOf('holder', unit)])),
    ...waitsFor.flatMap((waiting) => [tokenOf('waits', waiting.who), ...namesOf(view, waiting).map((name) => tokenOf(`waits-${waiting.who}`, name))]),
    ...(due === NEVER ? [] : ['running']),
    ...(wasLate(view) ? ['late'] : []),
    ...satisfactionOf(view),
  ].filter((token) => !isCommon(token));

/** A community's own need is evaluated by any resident there. */
const namesOf = ({ author, community }: NeedView, { who, names }: Waiting): readonly string[] =>
  who === 'residents' && author.role === 'community' ? [community] : names;

/** What both sides said last; nothing where one of them never did. */
const satisfactionOf = ({ evaluations: { resident, community } }: NeedView): readonly string[] =>
  resident === null || community === null ? [] : [tokenOf('satisfied', String(resident.satisfied && community.satisfied))];
