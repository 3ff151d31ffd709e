import { coarseLocation, type Location } from '@qiyue/civic-domain';
import { DAY_MS, instantMsOf } from '@qiyue/engine';
import type { NeedView } from '../need-view';
import { SIMILARITY, type Steps } from './similarity.weights';
import { overlap, spotsIn, weightedGrams, weightedTopics, wordsInBoth, worksIn, normalized, type Part, type Weighted } from './text-features';

/** What of a need is compared, as its reader may see it: null is what they may not, and counts as not known. */
export type ComparedNeed = Pick<NeedView, 'title' | 'description' | 'kind' | 'category' | 'compound' | 'location' | 'createdAt'> & {
  readonly items: readonly { readonly name: string }[];
};

/** Why two are taken to be alike, or less so. What a person needs to check it stands beside the code. */
export type SimilarityReason =
  | { readonly code: 'same-topic'; readonly topics: readonly string[] }
  | { readonly code: 'same-words'; readonly words: readonly string[] }
  | { readonly code: 'same-compound' | 'other-compound' | 'same-category' | 'other-works' | 'other-kind' }
  | { readonly code: 'same-spot'; readonly words: readonly string[] }
  | { readonly code: 'other-spot'; readonly words: readonly string[] }
  | { readonly code: 'near-place'; readonly km: number }
  | { readonly code: 'near-time'; readonly days: number };

export interface Similarity {
  /** 0 to 1, in hundredths. */
  readonly score: number;
  readonly reasons: readonly SimilarityReason[];
}

/** What of one need is compared, taken out of its texts once. */
export interface NeedFeatures {
  readonly need: ComparedNeed;
  readonly topics: Weighted;
  readonly grams: Weighted;
  readonly spots: readonly string[];
  readonly works: 'new' | 'repair' | null;
}

const WORDS_MAX = 5;

export const featuresOf = (need: ComparedNeed): NeedFeatures => {
  const { fields } = SIMILARITY;
  const parts: readonly Part[] = [
    { text: need.title, weight: fields.title },
    ...need.items.map(({ name }): Part => ({ text: name, weight: fields.items, isName: true })),
    { text: need.description, weight: fields.description },
  ];
  return {
    need,
    topics: weightedTopics(parts),
    grams: weightedGrams(parts),
    spots: spotsIn(textOf(need)),
    works: worksIn(need.title) ?? worksIn(textOf(need)),
  };
};

/** How alike two needs are. Symmetric; of what the reader may see alone, so that nothing else can be told from the score. */
export const similarityOf = (a: ComparedNeed, b: ComparedNeed): Similarity => {
  const [own, other] = [featuresOf(a), featuresOf(b)];
  return { score: scoreOf(own, other), reasons: reasonsOf(own, other) };
};

export const scoreOf = (a: NeedFeatures, b: NeedFeatures): number => {
  const { content } = SIMILARITY;
  const [topics, words] = [overlap(a.topics, b.topics), overlap(a.grams, b.grams)];
  const alike = 1 - (1 - content.topics * topics) * (1 - Math.min(content.wordsMost, content.words * words));
  return Math.round(contextOf(a, b).reduce((left, { factor }) => left * factor, alike) * 100) / 100;
};

export const reasonsOf = (a: NeedFeatures, b: NeedFeatures): readonly SimilarityReason[] => [
  ...contentReasons(a, b),
  ...contextOf(a, b).flatMap(({ reason }) => reason ?? []),
];

const contextOf = (a: NeedFeatures, b: NeedFeatures): readonly Factor[] => [
  compounds(a, b),
  spots(a, b),
  works(a, b),
  kinds(a, b),
  places(a, b),
  times(a, b),
];

const textOf = ({ title, items, description }: ComparedNeed): string => [title, ...items.map(({ name }) => name), description ?? ''].join(' ');

const contentReasons = (a: NeedFeatures, b: NeedFeatures): readonly SimilarityReason[] => {
  const topics = [...a.topics.keys()].filter((topic) => b.topics.has(topic)).sort();
  const words = wordsInBoth(textOf(a.need), textOf(b.need), WORDS_MAX);
  const { category } = a.need;
  return [
    ...(topics.length === 0 ? [] : [{ code: 'same-topic', topics } as const]),
    ...(words.length === 0 ? [] : [{ code: 'same-words', words } as const]),
    ...(category !== null && category === b.need.category ? [{ code: 'same-category' } as const] : []),
  ];
};

/** What is left of the score, and what is said of it. */
interface Factor {
  readonly factor: number;
  readonly reason?: SimilarityReason;
}

const compounds = ({ need: a }: NeedFeatures, { need: b }: NeedFeatures): Factor => {
  const { same, unknown, other } = SIMILARITY.compound;
  if (a.compound === null || b.compound === null) return { factor: unknown };
  return normalized(a.compound) === normalized(b.compound)
    ? { factor: same, reason: { code: 'same-compound' } }
    : { factor: other, reason: { code: 'other-compound' } };
};

const spots = (a: NeedFeatures, b: NeedFeatures): Factor => {
  const { same, unknown, other } = SIMILARITY.spot;
  if (a.spots.length === 0 || b.spots.length === 0) return { factor: unknown };
  const common = a.spots.filter((spot) => b.spots.includes(spot));
  return common.length > 0
    ? { factor: same, reason: { code: 'same-spot', words: common } }
    : { factor: other, reason: { code: 'other-spot', words: [...a.spots, ...b.spots].sort() } };
};

const works = (a: NeedFeatures, b: NeedFeatures): Factor => {
  const { same, unknown, other } = SIMILARITY.works;
  if (a.works === null || b.works === null) return { factor: unknown };
  return a.works === b.works ? { factor: same } : { factor: other, reason: { code: 'other-works' } };
};

const kinds = ({ need: a }: NeedFeatures, { need: b }: NeedFeatures): Factor =>
  a.kind === b.kind ? { factor: SIMILARITY.kind.same } : { factor: SIMILARITY.kind.other, reason: { code: 'other-kind' } };

const places = ({ need: a }: NeedFeatures, { need: b }: NeedFeatures): Factor => {
  const { place } = SIMILARITY;
  if (a.location === null || b.location === null) return { factor: place.unknown };
  const km = kilometresBetween(coarseLocation(a.location), coarseLocation(b.location));
  const factor = stepOf(place, km);
  return factor === 1 ? { factor, reason: { code: 'near-place', km } } : { factor };
};

const times = ({ need: a }: NeedFeatures, { need: b }: NeedFeatures): Factor => {
  const days = Math.floor(Math.abs(instantMsOf(a.createdAt) - instantMsOf(b.createdAt)) / DAY_MS);
  const factor = stepOf(SIMILARITY.time, days);
  return factor === 1 ? { factor, reason: { code: 'near-time', days } } : { factor };
};

const stepOf = ({ upTo, beyond }: Steps, value: number): number => upTo.find(([bound]) => value <= bound)?.[1] ?? beyond;

const KM_PER_DEGREE = 111.2;

/** In tenths. A degree of longitude is shorter the farther north it is; over a county the earth is flat enough. */
const kilometresBetween = (a: Location, b: Location): number => {
  const north = (a.lat - b.lat) * KM_PER_DEGREE;
  const east = (a.lng - b.lng) * KM_PER_DEGREE * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.round(Math.hypot(north, east) * 10) / 10;
};
