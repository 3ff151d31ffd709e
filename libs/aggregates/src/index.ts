import type { AnyAggregate } from '@qiyue/aggregate';
import { need } from '@qiyue/need';

/** Every kind of entity that there is: all apps fold over this list. Rows of before there was a second kind are of the first. */
export const AGGREGATES: readonly AnyAggregate[] = [need];
