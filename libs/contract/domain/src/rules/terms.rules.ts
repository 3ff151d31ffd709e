import { isAfter, isDay, midnightAfterDay, tablesOf } from '@qiyue/civic-domain';
import { accept, refuse, type Context } from '@qiyue/engine';
import type { Changes, Item, ItemContent, OfItem, Side } from '../contract.commands';
import { invalidBody, type Refused, type Rule } from '../contract.decision';
import type { ContractEvent, Fact } from '../contract.events';
import { isDayOf, scheduleOf, startStage } from '../contract.policy';
import { ITEMS_MAX, partiesOf, type Amendment, type At, type Existing, type InForce } from '../contract.state';

type Amendable = At<'proposed' | 'in-force'>;
type NewItem = ItemContent & Partial<OfItem>;

/** With the ids that the new ones get: numbers go on from those that there ever were. */
const numbered = (items: readonly NewItem[], itemsEver: number): readonly Item[] => {
  let last = itemsEver;
  return items.map(({ itemId, ...content }) => ({ itemId: itemId ?? `i${(last += 1)}`, ...content }));
};

const isQuantity = (quantity: number | undefined): boolean => quantity === undefined || (Number.isFinite(quantity) && quantity > 0);

/** The first thing that is wrong with the items of a contract of these days; null for nothing. */
const itemsRefused = (items: readonly NewItem[], { startsOn, endsOn }: Pick<Existing, 'startsOn' | 'endsOn'>): Refused | null => {
  if (items.length === 0 || items.length > ITEMS_MAX) return invalidBody('items');
  for (const [i, { title, quantity, dueOn }] of items.entries()) {
    if (title.trim() === '') return invalidBody(`items.${i}.title`);
    if (!isQuantity(quantity)) return invalidBody(`items.${i}.quantity`);
    if (dueOn !== undefined && !(isDay(dueOn) && startsOn <= dueOn && dueOn <= endsOn)) return invalidBody(`items.${i}.dueOn`);
  }
  return null;
};

export const propose: Rule<'propose', 'nonexistent'> = ({ data }, _, context, side) => {
  const { year, startsOn, endsOn, items, duties } = data;
  if (!isDayOf(year, startsOn)) return invalidBody('startsOn');
  if (!isDayOf(year, endsOn) || endsOn < startsOn) return invalidBody('endsOn');
  const endsAt = midnightAfterDay(endsOn);
  if (!isAfter(endsAt, context.now)) return refuse('too-late', { until: endsAt });
  const refused = itemsRefused(items, data);
  if (refused !== null) return refused;
  return accept({
    type: 'ContractProposed',
    data: {
      ...partiesOf(data),
      ...{ side, items: numbered(items, 0), duties, startsOn, endsOn, endsAt },
      ...startStage('proposed', context, { endsOn, endsAt }),
    },
  });
};

/** Each side once. The second brings the contract into force. */
export const sign: Rule<'sign', 'proposed'> = (_, state, context, side) => {
  if (state.signed.includes(side)) return refuse('already-signed', { side });
  if (state.amendment !== null) return refuse('amendment-pending', { side: state.amendment.side });
  const { startsOn, endsOn, items } = state;
  const signature: ContractEvent = { type: 'SignatureGiven', data: { ...partiesOf(state), side } };
  if (state.signed.length === 0) return accept(signature);
  const begins = startStage('in-force', context, state);
  return accept<ContractEvent>(signature, { type: 'ContractInForce', data: { ...partiesOf(state), startsOn, endsOn, items, ...begins } });
};

export const withdraw: Rule<'withdraw', 'proposed'> = ({ data: { reason } }, state, _, side) =>
  accept({ type: 'ContractWithdrawn', data: { ...partiesOf(state), side, reason } });

export const amend: Rule<'amend', 'proposed' | 'in-force'> = ({ data: { reason, ...changes } }, state, context, side) => {
  if (state.amendment !== null) return refuse('amendment-pending', { side: state.amendment.side });
  const { items, duties, endsOn } = changes;
  if (items === undefined && duties === undefined && endsOn === undefined) return refuse('nothing-to-amend');
  const refused = endRefused(endsOn, state, context) ?? changedItemsRefused(changes, state);
  if (refused !== null) return refused;
  return accept({
    type: 'AmendmentProposed',
    data: {
      ...partiesOf(state),
      ...{ side, reason },
      ...(items === undefined ? {} : { items: numbered(items, state.itemsEver) }),
      ...(duties === undefined ? {} : { duties }),
      ...(endsOn === undefined ? {} : { endsOn }),
    },
  });
};

const endRefused = (endsOn: string | undefined, { year, startsOn }: Existing, { now }: Context): Refused | null => {
  if (endsOn === undefined) return null;
  if (!isDayOf(year, endsOn) || endsOn < startsOn) return invalidBody('endsOn');
  const until = midnightAfterDay(endsOn);
  return isAfter(until, now) ? null : (refuse('too-late', { until }) as Refused);
};

/** Of items that stay: each is there once, and what is finished is not changed and does not go. */
const changedItemsRefused = ({ items, endsOn }: Changes, state: Amendable): Refused | null => {
  const after = items ?? state.items;
  const kept = after.flatMap(({ itemId }) => (itemId === undefined ? [] : [itemId]));
  const unknown = kept.find((id, i) => !state.items.some(({ itemId }) => itemId === id) || kept.indexOf(id) !== i);
  if (unknown !== undefined) return refuse('no-such-item', { itemId: unknown }) as Refused;
  const touched = state.finished.find(
    (id) =>
      !isSameItem(
        after.find(({ itemId }) => itemId === id),
        state.items.find(({ itemId }) => itemId === id),
      ),
  );
  if (touched !== undefined) return refuse('item-finished', { itemId: touched }) as Refused;
  return itemsRefused(after, { startsOn: state.startsOn, endsOn: endsOn ?? state.endsOn });
};

const CONTENT = ['title', 'kind', 'quantity', 'unit', 'dueOn'] as const satisfies readonly (keyof ItemContent)[];
const isSameItem = (a: NewItem | undefined, b: NewItem | undefined): boolean => a !== undefined && CONTENT.every((name) => a[name] === b?.[name]);

/** The amendment that waits, where it is the other side's. */
const pendingFor = (side: Side, { amendment }: Amendable): Amendment | Refused => {
  if (amendment === null) return refuse('no-amendment') as Refused;
  return amendment.side === side ? (refuse('own-amendment') as Refused) : amendment;
};

export const agreeAmendment: Rule<'agree-amendment', 'proposed' | 'in-force'> = (_, state, context, side) => {
  const found = pendingFor(side, state);
  if ('ok' in found) return found;
  const { items, duties, endsOn } = found;
  const endsAt = midnightAfterDay(endsOn);
  if (!isAfter(endsAt, context.now)) return refuse('too-late', { until: endsAt });
  const { stage, startsOn } = state;
  const droppedItems = state.items.flatMap(({ itemId }) => (items.some((one) => one.itemId === itemId) ? [] : [itemId]));
  const touched = droppedItems.find((itemId) => state.finished.includes(itemId));
  if (touched !== undefined) return refuse('item-finished', { itemId: touched });
  const amended: ContractEvent = {
    type: 'ContractAmended',
    data: { ...partiesOf(state), items, duties, startsOn, endsOn, endsAt, droppedItems, stage },
  };
  return accept<ContractEvent>(amended, ...endMoved(state, endsOn, context));
};

/** A contract in force that ends on another day has another deadline. */
const endMoved = (state: Amendable, endsOn: string, context: Context): readonly Fact<'DeadlineMoved'>[] => {
  const tables = tablesOf(context);
  if (state.stage !== 'in-force' || endsOn === state.endsOn || state.clock === null || tables === null) return [];
  return [movedBy(state, scheduleOf('in-force', tables, state.clock.schedule.from, endsOn))];
};

const movedBy = ({ stage, dueAt }: InForce, deadline: ReturnType<typeof scheduleOf>): Fact<'DeadlineMoved'> => ({
  type: 'DeadlineMoved',
  data: { stage, cause: 'amended', oldDueAt: dueAt, dueAt: deadline.dueAt, deadline },
});

export const declineAmendment: Rule<'decline-amendment', 'proposed' | 'in-force'> = ({ data: { reason } }, state, _, side) =>
  state.amendment === null ? refuse('no-amendment') : accept({ type: 'AmendmentDeclined', data: { ...partiesOf(state), side, reason } });
