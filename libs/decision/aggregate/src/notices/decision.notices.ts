import type { DecisionEvent } from '@qiyue/decision-domain';
import type { DecisionView } from '@qiyue/decision-views';
import { eventOf } from '@qiyue/engine';
import type { NoticeRules, Occasion } from '@qiyue/notices';
import { factsOf } from './facts';
import { recipientsOf, type Told } from './recipients';
import { TEMPLATES } from './templates';
import { TOLD_TYPES, type ToldEvent } from './told';

const URGENT_LEVEL = 2;

/** `types` lets nothing else through. */
const toldOf = ({ event, by, after }: Occasion<DecisionView>): Told => ({ event: event as ToldEvent, by, after });

/** Whom the events of a decision tell: the community, the authority, and the owners by the ids that the roster names. */
export const decisionNotices: NoticeRules<DecisionView> = {
  types: TOLD_TYPES,
  eventOf: (record) => eventOf<DecisionEvent>(record),
  recipientsOf: (occasion, policy) => recipientsOf(toldOf(occasion), policy),
  wordsFor: (occasion, language) => {
    const { event, after } = toldOf(occasion);
    const [subject, text] = TEMPLATES[language][event.type](factsOf(event, after));
    return { subject, text };
  },
  isUrgent: (occasion) => {
    const { event } = toldOf(occasion);
    return event.type === 'EmergencyDeclared' || (event.type === 'Escalated' && event.data.level >= URGENT_LEVEL);
  },
  leadOf: ({ community }) => community,
  authorOf: () => null,
  policyOf: ({ clock }) => clock?.policy ?? null,
  sealedPersonsOf: () => [],
  withPersons: (view) => view,
};
