import { brokenOffStages, endedStages, startedClock } from '@qiyue/civic-views';
import { isEvaluated, type ContractStatus, type Fact, type Item, type TimedStage } from '@qiyue/contract-domain';
import type { AmendmentView, ContractView, ItemView, TermView } from './contract-view';

/** What an event changes; seq, times, hash and what is derived are `foldContractView`'s. */
export type Change = Partial<ContractView>;

export const statusOf = ({ stage, signatures, termination, outcome }: ContractView): ContractStatus => {
  switch (stage) {
    case 'proposed':
      return signatures.length === 0 ? 'awaiting-signatures' : 'awaiting-second-signature';
    case 'in-force':
      return termination === null ? 'running' : 'under-notice';
    case 'evaluating':
      return 'awaiting-evaluations';
    case 'closed':
      return outcome ?? 'lapsed';
  }
};

type Began = Pick<Fact<'ContractProposed' | 'ContractInForce' | 'ContractEnded'>['data'], 'dueAt' | 'deadline'>;

/** A stage begins: its deadline runs, and the one before has ended. Two sides are waited for, so no unit is by name. */
export const begins = (
  before: Pick<ContractView, 'stages' | 'clock'>,
  stage: TimedStage,
  { dueAt, deadline }: Began,
  at: string,
): Pick<ContractView, 'stage' | 'stages' | 'clock' | 'itemClocks' | 'dueAt'> => ({
  stage,
  clock: startedClock(stage, deadline),
  itemClocks: [],
  stages: [...endedStages(before, at), { stage, round: 1, unit: null, from: at, dueAt, endedAt: null, late: null, escalatedTo: 0 }],
  dueAt,
});

/** Named one by one, so that nothing else in a record can get into a document. */
const termOf = ({ itemId, title, kind, quantity, unit, dueOn }: Item): TermView => ({
  ...{ itemId, title, kind },
  ...{ quantity: quantity ?? null, unit: unit ?? null, dueOn: dueOn ?? null },
});

/** What was finished stays so. */
export const itemsOf = (items: readonly Item[], before: readonly ItemView[] = []): readonly ItemView[] =>
  items.map((item) => ({ ...termOf(item), finishedAt: before.find(({ itemId }) => itemId === item.itemId)?.finishedAt ?? null }));

export const signed = ({ signatures }: ContractView, { data: { side } }: Fact<'SignatureGiven'>, by: string, at: string): Change => ({
  signatures: [...signatures, { side, by, at }],
});

export const amendmentOf = (view: ContractView, { data }: Fact<'AmendmentProposed'>, at: string): AmendmentView => ({
  ...{ side: data.side, reason: data.reason, at },
  items: data.items?.map(termOf) ?? view.items.map(({ finishedAt: _, ...term }) => term),
  duties: data.duties ?? view.duties,
  endsOn: data.endsOn ?? view.endsOn,
});

/** Before it is in force nobody has signed the new terms yet. Without a ladder the contract's own end is what is waited for. */
export const amended = (view: ContractView, { data: { items, duties, endsOn, endsAt } }: Fact<'ContractAmended'>): Change => ({
  items: itemsOf(items, view.items),
  ...{ duties, endsOn, endsAt, amendment: null },
  ...(view.stage === 'proposed' ? { signatures: [] } : {}),
  ...(view.stage === 'in-force' && view.clock === null ? { dueAt: endsAt } : {}),
});

export const finished = (
  { items, itemClocks, contractId }: ContractView,
  { data: { itemId, deadline } }: Fact<'ItemFinished'>,
  at: string,
): Change => {
  if (!items.some((item) => item.itemId === itemId)) throw new Error(`corrupt stream ${contractId}: no item ${itemId}`);
  const clock = startedClock(itemId, deadline);
  return {
    items: items.map((item) => (item.itemId === itemId ? { ...item, finishedAt: at } : item)),
    itemClocks: clock === null ? itemClocks : [...itemClocks, clock],
  };
};

export const evaluated = (view: ContractView, { data }: Fact<'SideEvaluated'>, at: string): Change => {
  const { side, score, itemId = null, comment = null } = data;
  const evaluations = [...view.evaluations, { side, itemId, score, comment, at }];
  return { evaluations, itemClocks: view.itemClocks.filter(({ stage }) => !isEvaluated({ evaluated: evaluations }, stage)) };
};

/** A stage that is broken off was neither kept nor missed; that nobody signed or evaluated was. */
export const closed = (view: ContractView, outcome: NonNullable<ContractView['outcome']>, at: string): Change => ({
  stage: 'closed',
  outcome,
  amendment: null,
  endedAt: view.endedAt ?? at,
  ...{ clock: null, itemClocks: [] },
  stages: outcome === 'withdrawn' || outcome === 'terminated' ? brokenOffStages(view, at) : endedStages(view, at),
  dueAt: null,
});
