import { yearOf } from '@qiyue/civic-domain';
import { unitYearIdOf, type Do } from '@qiyue/unit-year-domain';
import { stepTo, type Step } from '../steps';

type MoneyStep = 'reserve' | 'resize' | 'commit' | 'release';

/** A command to a unit's year, as a saga or a reaction gives it. */
export const toYear = <T extends MoneyStep | 'fulfil-pledge'>(unitYearId: string, type: T, data: Do<T>['data']): Step =>
  stepTo('unit-year', unitYearId, type, data);

/** The unit's year in which an instant lies. */
export const yearIdAt = (unit: string, instant: string): string => unitYearIdOf({ unit, year: yearOf(instant) });
