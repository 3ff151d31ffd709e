import { RESOURCE_MATCHING } from './matching.weights';
import type { ComparedNeed } from './similarity';
import { SUGGESTED_MAX } from './similarity.weights';
import { normalized, overlap, weightedGrams, weightedTopics, wordsInBoth } from './text-features';

/** What a unit can give, as far as it is matched. Times are ISO 8601 with +08:00, or days; null is open. */
export interface OfferedResource {
  readonly resourceId: string;
  readonly kind: string;
  readonly name: string;
  readonly quantity: number;
  /** In which it is counted. */
  readonly unit: string;
  readonly from: string | null;
  readonly to: string | null;
  /** The one that it is for; null for any. */
  readonly community: string | null;
  readonly skills: readonly string[];
}

/** The need that something is looked for. */
export interface EquippedNeed extends Omit<ComparedNeed, 'items'> {
  readonly community: string;
  readonly items: readonly { readonly name: string; readonly quantity: number; readonly unit: string }[];
}

export type ResourceReason =
  | { readonly code: 'same-topic'; readonly topics: readonly string[] }
  | { readonly code: 'same-words'; readonly words: readonly string[] }
  | { readonly code: 'same-community' | 'other-community' }
  | { readonly code: 'quantity'; readonly offered: number; readonly asked: number; readonly of: string }
  | { readonly code: 'available'; readonly from: string | null; readonly to: string | null };

export interface ResourceMatch {
  readonly resource: OfferedResource;
  /** 0 to 1, in hundredths: by it they are ordered, and no more. */
  readonly score: number;
  readonly reasons: readonly ResourceReason[];
}

const WORDS_MAX = 5;

/** What could serve the need, the best first; what is over by `now` (ISO 8601 with +08:00) could not. Pure. */
export const matchedResources = (
  need: EquippedNeed,
  offered: readonly OfferedResource[],
  now: string,
  most = SUGGESTED_MAX,
): readonly ResourceMatch[] =>
  offered
    .filter(({ to }) => to === null || !isBefore(to, now))
    .map((resource) => matchOf(need, resource))
    .filter(({ score }) => score >= RESOURCE_MATCHING.floor)
    .sort((a, b) => b.score - a.score || (a.resource.resourceId < b.resource.resourceId ? -1 : 1))
    .slice(0, most);

/** A day is over when the next one begins. */
const isBefore = (to: string, now: string): boolean => to < now.slice(0, to.length);

const matchOf = (need: EquippedNeed, resource: OfferedResource): ResourceMatch => {
  const { topics, words, community, quantity, otherCommunity } = RESOURCE_MATCHING;
  const asked = [{ text: need.title, weight: 1 }, ...need.items.map(({ name }) => ({ text: name, weight: 1, isName: true as const }))];
  const given = [resource.name, ...resource.skills].map((text) => ({ text, weight: 1, isName: true as const }));
  const isAlike = { topics: overlap(weightedTopics(asked), weightedTopics(given)), words: overlap(weightedGrams(asked), weightedGrams(given)) };
  const covered = coveredBy(need, resource);
  const isHere = resource.community === need.community;
  const fit = topics * isAlike.topics + words * isAlike.words;
  const more = fit === 0 ? 0 : Number(isHere) * community + Number(covered?.isEnough === true) * quantity;
  const left = resource.community === null || isHere ? 1 : otherCommunity;
  return { resource, score: Math.round((fit + more) * left * 100) / 100, reasons: reasonsOf(need, resource, covered) };
};

interface Covered {
  readonly asked: number;
  readonly isEnough: boolean;
}

/** Whether it is as much as is asked for; null where they are counted in different units, or are different things. */
const coveredBy = ({ items }: EquippedNeed, { name, quantity, unit }: OfferedResource): Covered | null => {
  const item = items.find((one) => normalized(one.unit) === normalized(unit) && wordsInBoth(one.name, name, 1).length > 0);
  return item === undefined ? null : { asked: item.quantity, isEnough: quantity >= item.quantity };
};

const reasonsOf = (need: EquippedNeed, resource: OfferedResource, covered: Covered | null): readonly ResourceReason[] => {
  const [asked, given] = [[need.title, ...need.items.map(({ name }) => name)].join(' '), [resource.name, ...resource.skills].join(' ')];
  const [a, b] = [asked, given].map((text) => weightedTopics([{ text, weight: 1 }]));
  const topics = [...(a?.keys() ?? [])].filter((topic) => b?.has(topic)).sort();
  const words = wordsInBoth(asked, given, WORDS_MAX);
  const { community, quantity, unit, from, to } = resource;
  return [
    ...(topics.length === 0 ? [] : [{ code: 'same-topic', topics } as const]),
    ...(words.length === 0 ? [] : [{ code: 'same-words', words } as const]),
    ...(community === null ? [] : [{ code: community === need.community ? 'same-community' : 'other-community' } as const]),
    ...(covered === null ? [] : [{ code: 'quantity', offered: quantity, asked: covered.asked, of: unit } as const]),
    ...(from === null && to === null ? [] : [{ code: 'available', from, to } as const]),
  ];
};
