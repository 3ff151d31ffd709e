import { isAfter } from '@qiyue/civic-domain';
import { accept, refuse, type Context } from '@qiyue/engine';
import type { ResourceContent, Span } from '../resource.commands';
import { invalidBody, isQuantity, type ResourceDecision, type Rule } from '../resource.decision';
import { openOf, promisedIn, spanFrom, type Resource } from '../resource.state';

/** Money is counted in this and in nothing else. */
const FEN = 'fen';
const ONE = 'piece';

const isEmptySpan = (from: string | null, to: string | null): boolean => from !== null && to !== null && !isAfter(to, from);

/** What no offer may say, whoever makes or changes it; null when it fits. */
const refusedFor = ({ name, quantity, from, to }: Partial<ResourceContent>, { now }: Context): ResourceDecision | null => {
  if (name?.trim() === '') return invalidBody('name');
  if (quantity !== undefined && !isQuantity(quantity)) return invalidBody('quantity');
  if (isEmptySpan(from ?? null, to ?? null)) return invalidBody('to');
  return to !== undefined && !isAfter(to, now) ? refuse('too-late', { until: to }) : null;
};

export const offer: Rule<'offer', unknown> = ({ data }, _, context) => {
  const { actor } = context;
  if (data.kind === 'money' && data.unit !== undefined && data.unit !== FEN) return invalidBody('unit');
  return (
    refusedFor(data, context) ??
    accept({
      type: 'ResourceOffered',
      data: {
        ...data,
        quantity: data.quantity ?? 1,
        unit: data.unit ?? (data.kind === 'money' ? FEN : ONE),
        giver: actor.unit ?? '',
        giverRole: actor.role,
      },
    })
  );
};

/** What was promised of it holds: it can become neither less nor of another time than that. */
export const change: Rule<'change'> = ({ data }, state, context) => {
  if (Object.keys(data).length === 0) return refuse('nothing-to-change');
  if (data.unit !== undefined && state.kind === 'money') return invalidBody('unit');
  const refused = refusedFor(data, context);
  if (refused !== null) return refused;
  const { quantity = state.quantity, from = state.from, to = state.to } = data;
  if (isEmptySpan(from, to)) return invalidBody('to');
  const promised = promisedIn(state, spanFrom(context.now));
  if (promised > quantity) return refuse('promised', { promised: String(promised) });
  const outside = openOf(state.reservations).find((one) => !isWithin(one, { from, to }));
  if (outside !== undefined) return refuse('promised', { promised: `${outside.from} – ${outside.to}` });
  return accept({ type: 'ResourceChanged', data: { giver: state.giver, ...data } });
};

export const isWithin = (span: Span, { from, to }: Pick<Resource, 'from' | 'to'>): boolean =>
  (from === null || !isAfter(from, span.from)) && (to === null || !isAfter(span.to, to));

export const withdraw: Rule<'withdraw'> = ({ data: { reason } }, { giver }) =>
  accept({ type: 'ResourceWithdrawn', data: { giver, cause: 'by-hand', reason } });

/** A timer that comes early or late is not an error. */
export const expire: Rule<'expire'> = (_, { giver, to, stage }, { now }) =>
  stage === 'withdrawn' || to === null || isAfter(to, now) ? accept() : accept({ type: 'ResourceWithdrawn', data: { giver, cause: 'over' } });
