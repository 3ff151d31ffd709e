import { DEADLINE_STAGES } from '@qiyue/civic-domain';
import type { NeedView } from '../need-view';
import { featuresOf, reasonsOf, scoreOf, type ComparedNeed, type Similarity } from './similarity';
import { SIMILARITY, SUGGESTED_MAX } from './similarity.weights';

/** A need that may be the same as another, as its reader may see it. */
export type Candidate = ComparedNeed & Pick<NeedView, 'needId' | 'stage'>;
export interface SimilarNeed extends Similarity {
  readonly need: Candidate;
}

const isOpen = ({ stage }: Candidate): boolean => DEADLINE_STAGES.some((open) => open === stage);

/** What may be the same as this one: still open first, then the most alike, then by id. Below the floor there are none. */
export const similarNeeds = (own: Candidate, others: readonly Candidate[], most = SUGGESTED_MAX): readonly SimilarNeed[] => {
  const asked = featuresOf(own);
  return others
    .filter(({ needId }) => needId !== own.needId)
    .map((need) => {
      const features = featuresOf(need);
      return { need, features, score: scoreOf(asked, features) };
    })
    .filter(({ score }) => score >= SIMILARITY.floor)
    .sort((a, b) => Number(isOpen(b.need)) - Number(isOpen(a.need)) || b.score - a.score || (a.need.needId < b.need.needId ? -1 : 1))
    .slice(0, most)
    .map(({ need, features, score }) => ({ need, score, reasons: reasonsOf(asked, features) }));
};
