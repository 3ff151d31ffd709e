import type { AnyAggregate } from '@qiyue/aggregate';
import { need } from '@qiyue/need';
import { unitYear } from '@qiyue/unit-year';
import { withMore } from './more-aggregates';

export { AggregatesRefused } from './more-aggregates';

const OWN: readonly AnyAggregate[] = [need, unitYear];

/** Those of this repository, with those of the modules that a text names as QIYUE_MORE_AGGREGATES does. Throws `AggregatesRefused`. */
export const aggregatesWith = (more: string | undefined): readonly AnyAggregate[] => withMore(OWN, more);

/** Every kind of entity that there is: all apps fold over this list. Rows of before there was a second kind are of the first. */
export const AGGREGATES = aggregatesWith(process.env['QIYUE_MORE_AGGREGATES']);

/** There are kinds of entities that were not there when this was built. */
export const HAS_MORE_AGGREGATES = AGGREGATES.length > OWN.length;
