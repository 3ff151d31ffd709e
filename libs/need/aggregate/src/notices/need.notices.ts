import type { Language } from '@qiyue/civic-domain';
import { eventOf } from '@qiyue/engine';
import { needUpcasters, type NeedEvent } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import type { NoticeRules, Occasion } from '@qiyue/notices';
import { asksOf } from './asks';
import { CALLED_LATER, isCallOpen, isUnconfirmedCall, WORD_WITHIN_MS } from './emergency';
import { sealedPersonsOf, withPersons } from './known-persons';
import { recipientsOf } from './recipients';
import { EN } from './templates/en';
import { factsOf } from './templates/facts';
import type { Templates } from './templates/template';
import { ZH } from './templates/zh';
import { TOLD_TYPES, type ToldEvent } from './told';

const TEMPLATES: Readonly<Record<Language, Templates>> = { 'zh-CN': ZH, en: EN };
const URGENT_LEVEL = 2;

/** `types` lets nothing else through. */
const toldOf = ({ event, ...rest }: Occasion<NeedView>) => ({ ...rest, event: event as ToldEvent });

/** Whom the events of a need tell. */
export const needNotices: NoticeRules<NeedView> = {
  types: TOLD_TYPES,
  eventOf: (record) => eventOf<NeedEvent>(record, needUpcasters),
  recipientsOf: (occasion, policy) => recipientsOf(toldOf(occasion), policy),
  laterFor: (occasion) => {
    const { event, before, after } = toldOf(occasion);
    return isUnconfirmedCall(event, before, after) ? { recipients: CALLED_LATER, afterMs: WORD_WITHIN_MS } : null;
  },
  isWordAwaited: isCallOpen,
  wordsFor: (occasion, language, recipient) => {
    const told = toldOf(occasion);
    const [subject, text] = TEMPLATES[language][told.event.type](factsOf(told, recipient));
    return { subject, text };
  },
  asksFor: (occasion, recipient) => {
    return asksOf(toldOf(occasion), recipient);
  },
  isUrgent: (occasion) => {
    const { event, after } = toldOf(occasion);
    return after.urgency === 'urgent' || after.urgency === 'emergency' || (event.type === 'Escalated' && event.data.level >= URGENT_LEVEL);
  },
  leadOf: ({ unit }) => unit,
  authorOf: ({ author }) => (author.role === 'community' ? null : author),
  policyOf: ({ clock }) => clock?.policy ?? null,
  sealedPersonsOf,
  withPersons,
};
