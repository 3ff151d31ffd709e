import { yearOf } from '@qiyue/civic-domain';
import type { Json, ReactionCommand, SagaStep } from '@qiyue/engine';
import { unitYearIdOf, type Do } from '@qiyue/unit-year-domain';

type MoneyStep = 'reserve' | 'resize' | 'commit' | 'release';
type Data = { readonly [key: string]: Json };

/** A command to a unit's year, as a saga or a reaction gives it. */
export const toYear = <T extends MoneyStep | 'fulfil-pledge'>(
  unitYearId: string,
  type: T,
  data: Do<T>['data'],
): Omit<SagaStep, 'starts'> & ReactionCommand => ({ aggregate: 'unit-year', entity: unitYearId, type, data: data as unknown as Data });

/** The unit's year in which an instant lies. */
export const yearIdAt = (unit: string, instant: string): string => unitYearIdOf({ unit, year: yearOf(instant) });
