import { isAfter } from '@qiyue/civic-domain';
import type { OfReservation, ResourceKind, Span } from './resource.commands';

export const RESOURCE_STAGES = ['offered', 'withdrawn'] as const;
/** Stages of a resource that exists. */
export type ResourceStage = (typeof RESOURCE_STAGES)[number];
export const RESOURCE_STATUSES = ['free', 'reserved', 'used-up', 'settling', 'ended'] as const;
/** The same in finer words: what is withdrawn settles what is still reserved before it ends. */
export type ResourceStatus = (typeof RESOURCE_STATUSES)[number];

/** Something is promised to somebody for a time. */
export interface Reservation extends OfReservation, Span {
  readonly quantity: number;
  readonly projectId: string | null;
  readonly needId: string | null;
  readonly reservedAt: string;
  readonly reservedBy: string | null;
  /** What comes back is used until its span is over, and cannot be promised meanwhile. */
  readonly isUsed: boolean;
}
export interface EndedReservation extends OfReservation {
  readonly end: 'used' | 'freed';
}

export interface Resource {
  readonly stage: ResourceStage;
  readonly kind: ResourceKind;
  readonly giver: string;
  readonly giverRole: string;
  readonly quantity: number;
  readonly from: string | null;
  readonly to: string | null;
  /** Of what is used up: how much was. */
  readonly used: number;
  /** Those that hold something. */
  readonly reservations: readonly Reservation[];
  /** The newest `ENDED_KEPT`: what becomes of one that is ended twice can be said of them. An id is of one command, so none comes again. */
  readonly ended: readonly EndedReservation[];
}
export type ResourceState = { readonly stage: 'nonexistent' } | Resource;

/** How many ended reservations are remembered. What a command was answered is remembered by the engine for ever. */
export const ENDED_KEPT = 200;
/** At once. */
export const RESERVATIONS_MAX = 1_000;

export const nonexistent: ResourceState = { stage: 'nonexistent' };

const USED_UP: readonly ResourceKind[] = ['materials', 'money'];
export const isUsedUp = ({ kind }: Pick<Resource, 'kind'>): boolean => USED_UP.includes(kind);

export const overlaps = (a: Span, b: Span): boolean => isAfter(b.to, a.from) && isAfter(a.to, b.from);

type Holding = Pick<Resource, 'kind' | 'used'> & { readonly reservations: readonly Pick<Reservation, 'from' | 'to' | 'quantity'>[] };

const sumOf = (held: Holding['reservations']): number => held.reduce((sum, { quantity }) => sum + quantity, 0);

/** Which reservations stand in the way of a new one: of what is used up all, of what comes back those of the same time. */
export const rivalsOf = <R extends Span>(kind: ResourceKind, reservations: readonly R[], span: Span): readonly R[] =>
  isUsedUp({ kind }) ? reservations : reservations.filter((one) => overlaps(one, span));

/** The most that is gone or promised at any instant of a span: it can only rise where a reservation begins. */
export const promisedIn = (resource: Holding, span: Span): number => {
  const rivals = rivalsOf(resource.kind, resource.reservations, span);
  if (isUsedUp(resource)) return resource.used + sumOf(rivals);
  const rises = [span.from, ...rivals.map(({ from }) => from).filter((from) => isAfter(from, span.from))];
  return Math.max(...rises.map((at) => sumOf(rivals.filter(({ from, to }) => !isAfter(from, at) && isAfter(to, at)))));
};

/** All of time that records can name, from an instant on. */
export const spanFrom = (from: string): Span => ({ from, to: '9999-12-31T23:59:59.999+08:00' });

export const openOf = <R extends Pick<Reservation, 'isUsed'>>(reservations: readonly R[]): readonly R[] =>
  reservations.filter(({ isUsed }) => !isUsed);

/** Of a state or a document. */
export const statusOf = (
  resource: Holding & { readonly stage: ResourceStage; readonly quantity: number; readonly reservations: readonly Reservation[] },
): ResourceStatus => {
  const isHeld = openOf(resource.reservations).length > 0;
  if (resource.stage === 'withdrawn') return isHeld ? 'settling' : 'ended';
  if (isHeld) return 'reserved';
  return isUsedUp(resource) && resource.used >= resource.quantity ? 'used-up' : 'free';
};
