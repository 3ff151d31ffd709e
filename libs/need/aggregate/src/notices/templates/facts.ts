import type { DeadlineStage } from '@qiyue/civic-domain';
import type { Correction, Fact, NeedCommandType, Party, ReportAnswer, WhistleReach } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import type { Recipient } from '@qiyue/notices';
import { asksOf } from '../asks';
import { isCorrectedToOne } from '../emergency';
import type { ToldEvent, ToldType } from '../told';

/** What of a need a correction puts right, as people would say it: a place is one, however exactly it is known. */
const CORRECTABLE = [
  'promisedBy',
  'community',
  'compound',
  'location',
  'kind',
  'category',
  'urgency',
] as const satisfies readonly (keyof Correction)[];
export type CorrectedField = (typeof CORRECTABLE)[number];

/**
 * All that a template can say. Nothing else of a need reaches one, so no description, contact, comment or reason
 * can slip into a message.
 */
export interface TemplateFacts {
  readonly title: string;
  readonly isEmergency: boolean;
  /** The centre has put right that it is one. */
  readonly isMadeEmergency: boolean;
  /** The command that the reader is asked for; null: none. */
  readonly asks: NeedCommandType | null;
  /** They read it as a person whose need it is, not as an office. */
  readonly isResident: boolean;
  /** The community that it was moved away from by this; null: it was not. */
  readonly movedFrom: string | null;
  /** It waits for this community's acceptance. */
  readonly isAtAcceptance: boolean;
  readonly community: string;
  /** The lead, or the one that was it until now. */
  readonly unit: string | null;
  /** The deadline that this is about, or that runs now. */
  readonly dueAt: string | null;
  readonly oldDueAt: string | null;
  readonly stage: DeadlineStage | null;
  readonly rung: { readonly level: number; readonly name: string } | null;
  readonly workingDays: number | null;
  readonly whistle: { readonly reach: WhistleReach; readonly units: readonly string[]; readonly answerBy: string | null } | null;
  /** The unit that the centre sends it to; left out where it goes to the community. */
  readonly dispatch: { readonly unit?: string } | null;
  readonly party: Party | null;
  readonly report: { readonly unit: string; readonly answer: ReportAnswer; readonly at: string | null } | null;
  readonly cause: Fact<'DeadlineMoved'>['data']['cause'] | null;
  /** What was put right, by name and not by value; none unless something was. */
  readonly corrected: readonly CorrectedField[];
}

interface Told {
  readonly event: ToldEvent;
  readonly before: NeedView | null;
  readonly after: NeedView;
}

/** `recipient` left out: somebody who is asked for nothing. */
export const factsOf = ({ event, before, after }: Told, recipient?: Recipient): TemplateFacts => {
  const data: Partial<Pick<Fact<'Escalated'>['data'], 'stage' | 'dueAt'>> = event.data as object;
  return {
    title: after.title,
    isEmergency: after.urgency === 'emergency',
    isMadeEmergency: isCorrectedToOne(event),
    asks: recipient === undefined ? null : asksOf({ event, before, after }, recipient),
    isResident: recipient?.kind === 'actor',
    movedFrom: before === null || before.community === after.community ? null : before.community,
    isAtAcceptance: after.status === 'at-acceptance',
    community: after.community,
    unit: after.unit ?? before?.unit ?? null,
    dueAt: data.dueAt === undefined ? after.dueAt : data.dueAt,
    oldDueAt: 'oldDueAt' in event.data ? event.data.oldDueAt : null,
    stage: data.stage ?? after.clock?.stage ?? null,
    rung: is(event, 'Escalated') ? { level: event.data.level, name: event.data.name } : null,
    workingDays: is(event, 'ExtensionRequested') || is(event, 'ExtensionGranted') ? event.data.workingDays : null,
    whistle: is(event, 'WhistleBlown') ? event.data : is(event, 'NeedDispatched') ? after.whistle : null,
    dispatch: is(event, 'NeedDispatched') ? event.data : null,
    report: is(event, 'UnitReportedIn') ? { unit: event.data.unit, answer: event.data.answer, at: event.data.at ?? null } : null,
    party: is(event, 'ContractSigned') ? event.data.party : null,
    cause: is(event, 'DeadlineMoved') ? event.data.cause : null,
    corrected: is(event, 'NeedCorrected') ? CORRECTABLE.filter((field) => event.data[field] !== undefined) : [],
  };
};

const is = <T extends ToldType>(event: ToldEvent, type: T): event is ToldEvent & Fact<T> => event.type === type;
