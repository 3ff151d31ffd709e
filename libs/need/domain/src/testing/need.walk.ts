import { laterOf, plusMs, type Actor, type Context } from '@qiyue/engine';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import {
  NEED_RULES,
  needDecider,
  type Correction,
  type DecisionProgress,
  type Do,
  type NeedCommand,
  type NeedCommandType,
  type NeedState,
} from '../index';
import {
  ann,
  authority,
  bo,
  centre,
  clock,
  COMMAND_TYPES,
  communityElsewhere,
  cora,
  NOW,
  please,
  rightActorFor,
  retimer,
  roads,
  TABLES,
  water,
} from './need.fixtures';

/** One step of a random life. */
export interface Step {
  readonly pick: number;
  readonly variant: number;
  readonly hours: number;
}

const [PICKS, VARIANTS] = [256, 60];
const HOURS = [0, 0, 0, 1, 24, 60, 800];
export const STEPS_MAX = PICKS * VARIANTS * HOURS.length - 1;

/** A step out of one number, which is quick to generate and to shrink. */
export const stepOf = (n: number): Step => ({
  pick: n % PICKS,
  variant: Math.floor(n / PICKS) % VARIANTS,
  hours: at(HOURS, Math.floor(n / (PICKS * VARIANTS))),
});

const ACTORS: readonly Actor[] = [ann, bo, cora, communityElsewhere, water, roads, centre, authority, clock, retimer];

/** Commands that lead on from a stage, so that half of all steps go deep into the life instead of being refused. */
const LEADS_ON: Readonly<Record<NeedState['stage'], readonly NeedCommandType[]>> = {
  unborn: ['submit'],
  submitted: [
    'share-contact',
    'await-decision',
    'note-decision',
    'join-project',
    'report-in',
    'claim',
    'claim',
    'claim',
    'claim',
    'tick',
    'tick',
    'whistle',
    'dispatch',
    'correct',
    'confirm-urgency',
    'inspect',
    'amend',
    'adopt',
    'unadopt',
    'reject',
    'withdraw',
    'merge',
  ],
  claimed: [
    'note-decision',
    'leave-project',
    'fund',
    'join',
    'correct',
    'confirm-urgency',
    'amend',
    'fund',
    'fund',
    'fund',
    'return',
    'adopt',
    'sign',
    'pause',
    'resume',
    'request-extension',
    'grant',
    'deny',
    'tick',
  ],
  funded: [
    'join',
    'share-contact',
    'note-decision',
    'complete',
    'accept',
    'complete',
    'accept',
    'adjust-funding',
    'cancel-works',
    'vouch',
    'correct',
    'start',
    'progress',
    'refuse-works',
    'unadopt',
    'pause',
    'resume',
    'grant',
    'tick',
    'retime',
  ],
  done: ['evaluate', 'evaluate', 'evaluate', 'tick'],
  evaluated: ['reopen', 'reopen', 'reopen', 'close'],
  rejected: ['submit'],
  withdrawn: ['submit'],
  merged: ['submit'],
};

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

const commandFor = (type: NeedCommandType, variant: number): NeedCommand => {
  switch (type) {
    case 'evaluate':
      return please('evaluate', { side: at(['resident', 'community'], variant), score: at([1, 3, 5], variant >> 1), satisfied: variant % 5 !== 0 });
    case 'claim':
      return please('claim', {
        unit: at(['Water', 'Roads'], variant),
        plan: 'p',
        ...(variant % 2 === 0 ? { helpers: ['Roads'] } : {}),
        ...(variant % 3 === 0 ? { promisedBy: plusMs(NOW, variant * 3_600_000) } : {}),
      });
    case 'fund':
      return please('fund', fundingFor(variant));
    case 'complete':
      return please('complete', { evidence: [{ kind: 'note', text: 't' }], ...(variant % 3 === 0 ? { finalCostFen: variant * 6 } : {}) });
    case 'adjust-funding':
      return please('adjust-funding', { deltaFen: variant * 5 - 100, reason: 'r' });
    case 'adopt':
      return please('adopt', { from: `need-${variant % 3}`, followers: ['pam', `f${variant % 4}`] });
    case 'unadopt':
      return please('unadopt', { from: `need-${variant % 3}` });
    case 'amend':
      return please('amend', at([{ title: 't' }, { urgency: at(['normal', 'urgent', 'emergency'], variant >> 2) }, { description: 'd' }], variant));
    case 'whistle':
      return please('whistle', {
        units: variant % 2 === 0 ? ['Water'] : ['Water', 'Roads'],
        ...(variant % 7 === 6 ? { answerBy: '2199-01-01T08:00:00.000+08:00' } : {}),
      });
    case 'dispatch':
      return please(
        'dispatch',
        at([{ unit: 'Water' }, { community: 'Lakeside' }, { unit: 'Roads', reason: 'r' }, { community: 'Hillside' }], variant),
      );
    case 'correct':
      return please('correct', { ...at<Correction>(CORRECTIONS, variant), reason: 'r' });
    case 'confirm-urgency':
      return please('confirm-urgency', { urgency: at(['emergency', 'urgent', 'normal'], variant) });
    case 'report-in':
      return please('report-in', at<Do<'report-in'>['data']>(REPORTS, variant));
    case 'await-decision':
      return please('await-decision', { decisionId: `decision-${variant % 2}`, community: at(['Lakeside', 'Lakeside', 'Hillside'], variant >> 1) });
    case 'note-decision':
      return please('note-decision', { decisionId: `decision-${variant % 2}`, progress: at(PROGRESS, variant >> 1) });
    case 'join-project':
      return please('join-project', {
        projectId: `project-${variant % 2}`,
        unit: at(['Water', 'Roads'], variant >> 1),
        community: at(['Lakeside', 'Lakeside', 'Hillside'], variant >> 2),
        role: at(['centre', 'department'], variant),
      });
    case 'leave-project':
      return please('leave-project', { projectId: `project-${variant % 2}` });
    case 'request-extension':
      return please('request-extension', { workingDays: (variant % 12) + 1, reason: 'r' });
    default:
      return please(type);
  }
};

const CORRECTIONS: readonly Correction[] = [
  { promisedBy: plusMs(NOW, 20 * 86_400_000) },
  { category: 'roads' },
  { urgency: 'emergency' },
  { urgency: 'normal' },
  { community: 'Hillside' },
  { community: 'Lakeside' },
  { kind: 'service' },
  { promisedBy: '2042-01-01T08:00:00.000+08:00' },
];
const REPORTS: readonly Do<'report-in'>['data'][] = [
  { answer: 'coming' },
  { answer: 'not-ours', reason: 'r' },
  { answer: 'not-ours' },
  { answer: 'later', at: '2099-01-01T08:00:00.000+08:00' },
  { answer: 'coming', person: 'p' },
];
const PROGRESS: readonly DecisionProgress[] = ['confirmed', 'failed', 'passed', 'cancelled', 'emergency'];

const fundingFor = (variant: number) => {
  const funding = { amountFen: variant * 7 - 7, reference: 'r' };
  if (variant % 5 === 4) return { ...funding, source: 'rework' as const, amountFen: variant % 2 };
  const source = at(['department', 'donation', 'department', 'mixed', 'department', 'maintenance-fund'] as const, variant);
  const donationFen = variant % 3 === 0 ? 1 : 0;
  return source !== 'mixed'
    ? { ...funding, source }
    : variant % 4 === 3 && funding.amountFen > 0
      ? { ...funding, source, decisionId: 'decision-0', split: { fundFen: funding.amountFen }, ...owned(funding.amountFen) }
      : { ...funding, source, split: { departmentFen: funding.amountFen - donationFen, donationFen: 1 } };
};

/** As its saga would have reserved it. */
const owned = (fundFen: number) => ({ owners: { decisionId: 'decision-0', reservationId: `r${fundFen}`, fundFen } });

/** The timer's command, when it has one, at its time. */
const timerOf = (state: NeedState, now: string): { readonly command: NeedCommand; readonly now: string } => {
  const due = needDecider.due(state, { rules: 1 });
  return due === null ? { command: please('tick'), now } : { command: due.command, now: laterOf(due.at, now) };
};

/** The county's calendar is corrected now and then. */
const tablesFor = (variant: number) =>
  variant % 4 === 0
    ? { ...TABLES, calendar: { ...TABLES.calendar, version: 'corrected', working: TABLES.calendar.working.replace('f', 'e') } }
    : TABLES;

/** The command and its context for the next step: three of four picks are likely to be accepted, the rest is anything by anyone. */
export const nextOf = (
  state: NeedState,
  { pick, variant, hours }: Step,
  now: string,
): { readonly command: NeedCommand; readonly context: Context } => {
  const likely = pick % 4 !== 3;
  const type = at(likely ? LEADS_ON[state.stage] : COMMAND_TYPES, pick >> 2);
  const later = plusMs(now, hours * 3_600_000);
  const { command, now: when } = likely && type === 'tick' ? timerOf(state, later) : { command: commandFor(type, variant), now: later };
  const meant = 'lead' in state && rightActorFor(command) === water ? { ...water, unit: state.lead } : rightActorFor(command);
  const claimant = command.type === 'claim' ? { ...water, unit: command.data.unit } : meant;
  const actor = likely ? claimant : at(ACTORS, variant);
  return {
    command,
    context: { ...TEST_CONTEXT, rules: NEED_RULES, entity: 'this-need', now: when, actor, tables: tablesFor(type === 'retime' ? variant : 1) },
  };
};
