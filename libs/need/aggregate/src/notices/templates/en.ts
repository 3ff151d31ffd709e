import type { DeadlineStage } from '@qiyue/civic-domain';
import type { Fact } from '@qiyue/need-domain';
import { dateInWords } from '@qiyue/notices';
import type { CorrectedField, TemplateFacts } from './facts';
import type { Templates } from './template';

const STAGES: Readonly<Record<DeadlineStage, string>> = { submitted: 'claiming', claimed: 'funding', funded: 'the works', done: 'evaluation' };
const CAUSES: Readonly<Record<Fact<'DeadlineMoved'>['data']['cause'], string>> = {
  calendar: 'The calendar of working days changed',
  policy: 'The policy changed',
  'calendar-and-policy': 'The calendar and the policy changed',
  amended: 'The need was amended',
};

const CORRECTED: Readonly<Record<CorrectedField, string>> = {
  ...{ promisedBy: 'the promised date', community: 'the community', compound: 'the compound', location: 'the place' },
  ...{ kind: 'the kind', category: 'the category', urgency: 'the urgency' },
};

const on = (instant: string | null): string => dateInWords(instant, 'en');
const stage = (facts: TemplateFacts): string => (facts.stage === null ? '' : STAGES[facts.stage]);
const unit = (facts: TemplateFacts): string => facts.unit ?? 'the lead department';
const moved = (facts: TemplateFacts): string =>
  facts.oldDueAt === facts.dueAt
    ? `the deadline for ${stage(facts)} is still ${on(facts.dueAt)}`
    : `the deadline for ${stage(facts)} moves from ${on(facts.oldDueAt)} to ${on(facts.dueAt)}`;

/** Whom it waits for. */
const waited = (facts: TemplateFacts): string => {
  if (facts.stage === 'submitted') return 'a department';
  if (facts.stage === 'done') return 'an evaluation';
  return facts.isAtAcceptance ? facts.community : unit(facts);
};

const called = ({ whistle, community }: TemplateFacts): string => {
  if (whistle?.reach === 'named') return `${community} calls ${whistle.units.join(', ')}`;
  return whistle?.reach === 'all' ? 'Nobody claimed it in time; all departments are called' : 'No department claimed it; the centre is to assign it';
};

const answerBy = ({ whistle }: TemplateFacts): string =>
  whistle === null || whistle.answerBy === null ? '' : `; an answer is due by ${on(whistle.answerBy)}`;

const dispatched = (f: TemplateFacts): string =>
  f.dispatch?.unit === undefined ? `The centre has handed it to ${f.community}` : `The centre asks ${f.dispatch.unit} to take it${answerBy(f)}`;

const pressing = ({ isEmergency }: TemplateFacts): string => (isEmergency ? 'Emergency. ' : '');
/** Whoever is called about an emergency reads when the claim itself is due. */
const claimedBy = (f: TemplateFacts): string => (f.isEmergency ? `; it is an emergency, to be claimed by ${on(f.dueAt)}` : '');
const toConfirm = ({ asks }: TemplateFacts): string => (asks === 'confirm-urgency' ? '; please confirm whether it is an emergency' : '');

const reported = ({ report }: TemplateFacts): string => {
  const when = report === null || report.at === null ? '' : ` on ${on(report.at)}`;
  switch (report?.answer) {
    case 'coming':
      return `${report.unit} comes${when}.`;
    case 'later':
      return `${report.unit} comes later${when}.`;
    case 'not-ours':
      return `${report.unit} says that it is not its business; the page of the need says why to those who sign in.`;
    case undefined:
      return '';
  }
};

export const EN: Templates = {
  NeedSubmitted: (f) => [
    `${f.isEmergency ? 'Emergency' : 'New need'}: ${f.title}`,
    `A need of ${f.community} waits to be claimed by ${on(f.dueAt)}${toConfirm(f)}.`,
  ],
  NeedAmended: (f) =>
    f.movedFrom === null
      ? [`Now an emergency: ${f.title}`, `A need of ${f.community} was made an emergency and waits to be claimed by ${on(f.dueAt)}${toConfirm(f)}.`]
      : [`Moved: ${f.title}`, `The need moves from ${f.movedFrom} to ${f.community}${f.isEmergency ? '; it is an emergency' : ''}.`],
  NeedWithdrawn: (f) => [`Withdrawn: ${f.title}`, 'Its author has withdrawn the need.'],
  NeedRejected: (f) => [`Not taken on: ${f.title}`, `${f.community} has not taken the need on; the page of the need says why to those who sign in.`],
  NeedMerged: (f) => [`Merged: ${f.title}`, 'The need was merged into another one; you will be told how that one goes on.'],
  NeedClaimed: (f) => [`Claimed: ${f.title}`, `${unit(f)} has claimed it and is to fund it by ${on(f.dueAt)}.`],
  ClaimReturned: (f) => [`Given back: ${f.title}`, `${unit(f)} has given it back; it waits to be claimed by ${on(f.dueAt)}.`],
  NeedFunded: (f) => [`Funded: ${f.title}`, `${unit(f)} is to finish the works by ${on(f.dueAt)}.`],
  FundingAdjusted: (f) => [
    `Funding adjusted: ${f.title}`,
    'The centre has changed the amount; the page of the need says how much and why to those who sign in.',
  ],
  WorksStarted: (f) => [`Works begun: ${f.title}`, `${unit(f)} has begun the works and is to finish them by ${on(f.dueAt)}.`],
  ProgressReported: (f) => [`Progress: ${f.title}`, `${unit(f)} reports how the works go on; the page of the need says more to those who sign in.`],
  WorksCancelled: (f) => [`Works cancelled: ${f.title}`, `${unit(f)} has it again and is to fund it by ${on(f.dueAt)}.`],
  WorksReported: (f) => [
    `${f.asks === 'accept' ? 'To be accepted' : 'Works finished'}: ${f.title}`,
    `${unit(f)} reports the works as finished; ${f.asks === 'accept' ? 'please inspect them' : `${f.community} is to accept them`}.`,
  ],
  WorksRefused: (f) => [`Works refused: ${f.title}`, `${unit(f)} is to rework them; the page of the need says why to those who sign in.`],
  NeedDone: (f) => [
    `${f.asks === 'evaluate' ? 'Please evaluate' : 'Done'}: ${f.title}`,
    f.asks === 'evaluate'
      ? `The need is done; please evaluate it by ${on(f.dueAt)}.`
      : `The need is done; author and community are to evaluate it by ${on(f.dueAt)}.`,
  ],
  NeedEvaluated: (f) => [`Evaluated: ${f.title}`, 'Both sides have evaluated.'],
  NeedReopened: (f) => [`Reopened: ${f.title}`, `${unit(f)} has it again and is to fund it by ${on(f.dueAt)}.`],
  WhistleBlown: (f) => [`${pressing(f)}Whistle: ${f.title}`, `${called(f)}${answerBy(f)}${claimedBy(f)}.`],
  NeedDispatched: (f) => [`${pressing(f)}Dispatched: ${f.title}`, `${dispatched(f)}${claimedBy(f)}.`],
  NeedCorrected: (f) =>
    f.isMadeEmergency
      ? [
          `Corrected to an emergency: ${f.title}`,
          `The centre has put right that this need of ${f.community} is an emergency; the deadline for ${stage(f)} is ${on(f.dueAt)}.`,
        ]
      : [
          `Record corrected: ${f.title}`,
          `The centre has corrected ${f.corrected.map((field) => CORRECTED[field]).join(', ')}; the page of the need says why to those who sign in.`,
        ],
  UrgencyConfirmed: (f) => [
    `${f.isEmergency ? 'Emergency confirmed' : 'No emergency'}: ${f.title}`,
    f.isEmergency
      ? `It is an emergency and goes by the hours of one; the deadline for ${stage(f)} is ${on(f.dueAt)}.`
      : `It is no emergency; the deadline for ${stage(f)} is ${on(f.dueAt)}.`,
  ],
  UnitReportedIn: (f) => [`Reported in: ${f.title}`, reported(f)],
  ContractSigned: (f) => [
    `Contract signed: ${f.title}`,
    `${f.party === 'community' ? f.community : unit(f)} has signed; ${f.asks === 'sign' ? 'the other party is asked to sign' : 'both parties have'}.`,
  ],
  DeadlineApproaching: (f) => [
    `Due soon: ${f.title}`,
    `The deadline for ${stage(f)} is ${on(f.dueAt)}${f.asks === null ? `; ${waited(f)} is waited for` : ''}.`,
  ],
  DeadlineMissed: (f) => [
    `Overdue: ${f.title}`,
    `The deadline for ${stage(f)}, ${on(f.dueAt)}, has passed${f.isResident && f.asks === null ? `; ${waited(f)} is waited for and will be urged` : ''}.`,
  ],
  Escalated: (f) =>
    f.isResident && f.asks === null
      ? [
          `Overdue and escalated: ${f.title}`,
          `The deadline for ${stage(f)}, ${on(f.dueAt)}, has passed; ${waited(f)} was urged (${f.rung?.name}, level ${f.rung?.level}).`,
        ]
      : [`Escalated (${f.rung?.name}): ${f.title}`, `The deadline for ${stage(f)}, ${on(f.dueAt)}, has passed: level ${f.rung?.level}.`],
  ClockPaused: (f) => [`Paused: ${f.title}`, `The time for ${stage(f)} stands still.`],
  ClockResumed: (f) => [`Resumed: ${f.title}`, `The time for ${stage(f)} runs again; ${moved(f)}.`],
  ExtensionRequested: (f) => [
    `Extension asked for: ${f.title}`,
    `${unit(f)} asks for ${f.workingDays} more working days for ${stage(f)}; the centre is to answer.`,
  ],
  ExtensionGranted: (f) => [`Extension granted: ${f.title}`, `${f.workingDays} more working days: ${moved(f)}.`],
  ExtensionDenied: (f) => [`Extension denied: ${f.title}`, `The deadline for ${stage(f)} is still ${on(f.dueAt)}.`],
  DeadlineMoved: (f) => [`Deadline moved: ${f.title}`, `${f.cause === null ? '' : CAUSES[f.cause]}: ${moved(f)}.`],
  EvaluationLapsed: (f) => [`Evaluation closed: ${f.title}`, 'Not all evaluations came in time; it was closed by the policy.'],
};
