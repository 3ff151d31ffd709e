import { isUndecided } from '@qiyue/need-domain';
import type { NeedView } from './need-view';

/** Whom a need can wait for. */
export const WAITED_PARTIES = ['unit', 'community', 'residents', 'centre', 'authority'] as const;
export type WaitedParty = (typeof WAITED_PARTIES)[number];

/** What a need can wait for: the next deed that brings it on. */
export const WAITED_DEEDS = [
  ...(['confirm-urgency', 'claim', 'name-unit', 'sign', 'fund', 'start', 'complete', 'rework', 'accept', 'evaluate'] as const),
  ...(['resume', 'decide-extension', 'decide-together', 'confirm-decision'] as const),
] as const;
export type WaitedDeed = (typeof WAITED_DEEDS)[number];

/** One party that a need waits for. */
export interface Waiting {
  readonly who: WaitedParty;
  /** Units or the community by name; empty: any of them, or persons, who are named nowhere. */
  readonly names: readonly string[];
  readonly what: WaitedDeed;
}

type Awaited = Pick<
  NeedView,
  'stage' | 'status' | 'unit' | 'community' | 'whistle' | 'contract' | 'clock' | 'decision' | 'evaluations' | 'urgencyConfirmed'
>;

/** Whom a need waits for now, and what for; nobody once it is evaluated or has ended. */
export const waitsForOf = (view: Awaited): readonly Waiting[] => [...nextOf(view), ...extensionOf(view)];

const nextOf = (view: Awaited): readonly Waiting[] => {
  switch (view.stage) {
    case 'submitted':
      return [...wordOf(view), claimOf(view)];
    case 'claimed':
      return heldBy(view) ?? [lead(view, 'fund'), ...signatureOf(view)];
    case 'funded':
      return view.status === 'at-acceptance' ? [community(view, 'accept')] : (heldBy(view) ?? [lead(view, WORKS[view.status] ?? 'complete')]);
    case 'done':
      return evaluationsOf(view);
    default:
      return [];
  }
};

const WORKS: Readonly<Partial<Record<NeedView['status'], WaitedDeed>>> = { 'waiting-to-start': 'start', reworking: 'rework' };

const lead = ({ unit }: Awaited, what: WaitedDeed): Waiting => ({ who: 'unit', names: unit === null ? [] : [unit], what });
const community = (view: Awaited, what: WaitedDeed): Waiting => ({ who: 'community', names: [view.community], what });

/** What a resident called an emergency is waited for by whoever is called; whether it is one, an office says meanwhile. */
const wordOf = (view: Awaited): readonly Waiting[] => (view.urgencyConfirmed === false ? [community(view, 'confirm-urgency')] : []);

/** Units that were called by name and have not said that it is not theirs; else any, until the centre has to name one. */
const claimOf = ({ whistle }: Awaited): Waiting => {
  if (whistle?.reach === 'centre') return { who: 'centre', names: [], what: 'name-unit' };
  const declined = new Set((whistle?.answers ?? []).flatMap(({ unit, answer }) => (answer === 'not-ours' ? [unit] : [])));
  const called = whistle?.reach === 'named' ? whistle.units.filter((unit) => !declined.has(unit)) : [];
  return { who: 'unit', names: called, what: 'claim' };
};

/** Who lets a clock go on that stands still; null while it runs. */
const heldBy = (view: Awaited): readonly Waiting[] | null => {
  if (!view.clock?.paused) return null;
  if (!isUndecided({ ...(view.decision === null ? {} : { decision: view.decision }) })) return [community(view, 'resume')];
  return view.decision?.progress === 'passed'
    ? [{ who: 'authority', names: [], what: 'confirm-decision' }]
    : [{ who: 'residents', names: [], what: 'decide-together' }];
};

/** The second signature under a contract that one side has signed. */
const signatureOf = (view: Awaited): readonly Waiting[] => {
  const { community: byCommunity, department } = view.contract;
  if ((byCommunity === null) === (department === null)) return [];
  return [byCommunity === null ? community(view, 'sign') : lead(view, 'sign')];
};

const evaluationsOf = (view: Awaited): readonly Waiting[] => [
  ...(view.evaluations.resident === null ? [{ who: 'residents' as const, names: [], what: 'evaluate' as const }] : []),
  ...(view.evaluations.community === null ? [community(view, 'evaluate')] : []),
];

/** The deed itself is waited for all the same. */
const extensionOf = ({ clock }: Awaited): readonly Waiting[] =>
  clock?.extension?.state === 'asked' ? [{ who: 'centre', names: [], what: 'decide-extension' }] : [];
