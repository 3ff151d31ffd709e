import type { ContractEvent } from '@qiyue/contract-domain';
import type { ContractView } from '@qiyue/contract-views';
import { eventOf } from '@qiyue/engine';
import type { NoticeRules, Occasion } from '@qiyue/notices';
import { asksOf } from './asks';
import { factsOf } from './facts';
import { recipientsOf, type Told } from './recipients';
import { TEMPLATES } from './templates';
import { TOLD_TYPES, type ToldEvent } from './told';

const URGENT_LEVEL = 2;

/** `types` lets nothing else through. */
const toldOf = ({ event, by, after }: Occasion<ContractView>): Told => ({ event: event as ToldEvent, by, after });

/** Whom the events of a contract tell. Offices alone have to do with one: no person is among them. */
export const contractNotices: NoticeRules<ContractView> = {
  types: TOLD_TYPES,
  eventOf: (record) => eventOf<ContractEvent>(record),
  recipientsOf: (occasion, policy) => recipientsOf(toldOf(occasion), policy),
  wordsFor: (occasion, language) => {
    const { event, after } = toldOf(occasion);
    const [subject, text] = TEMPLATES[language][event.type](factsOf(event, after));
    return { subject, text };
  },
  asksFor: (occasion, recipient) => asksOf(toldOf(occasion), recipient),
  isUrgent: (occasion) => {
    const { event } = toldOf(occasion);
    return event.type === 'Escalated' && event.data.level >= URGENT_LEVEL;
  },
  leadOf: ({ unit }) => unit,
  authorOf: () => null,
  policyOf: ({ clock }) => clock?.policy ?? null,
  sealedPersonsOf: () => [],
  withPersons: (view) => view,
};
