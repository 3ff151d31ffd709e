import type { OfReservation, Purpose, ResourceContent, ResourceKind, Span } from './resource.commands';

type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };
/** What a reservation is of, so that a reader needs no other record: of which resource whose, and how much. */
type OfHeld = OfReservation & Purpose & { readonly giver: string; readonly quantity: number };

/** Every fact about a resource. Seq, time and actor are the record's. */
export type ResourceEvent =
  /** `giver`: the department or community that gives it. `quantity` and `unit` as they are meant where they were left out. */
  | Of<
      'ResourceOffered',
      ResourceContent & {
        readonly kind: ResourceKind;
        readonly giver: string;
        readonly giverRole: string;
        readonly quantity: number;
        readonly unit: string;
      }
    >
  /** Only what changed. */
  | Of<'ResourceChanged', Partial<ResourceContent> & { readonly giver: string }>
  /** `over`: the time for which it was offered. */
  | Of<'ResourceWithdrawn', { readonly giver: string; readonly cause: 'by-hand' | 'over'; readonly reason?: string }>
  /** `from`: as asked, and not before `reservedAt`. `reservedBy`: the unit or community that asked; null for a process of ours or an office without one. */
  | Of<'ResourceReserved', OfHeld & Span & { readonly reservedAt: string; readonly reservedBy: string | null }>
  /** `quantity`: how much was used; `returned`: what of it was not. */
  | Of<'ReservationUsed', OfHeld & { readonly returned: number }>
  | Of<'ReservationFreed', OfHeld & { readonly reason?: string }>;

export type ResourceEventType = ResourceEvent['type'];
/** One event of the union by its type. */
export type Fact<T extends ResourceEventType> = Extract<ResourceEvent, { type: T }>;
