import { anyDecider, type AnyDecider } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';

/** Every kind of entity that there is, in one place: what holds ledger, topics and workflows against each other goes through all of them. */
export const ENTITY_DECIDERS: readonly AnyDecider[] = [anyDecider(needDecider)];
export const ENTITY_AGGREGATES: readonly string[] = ENTITY_DECIDERS.map(({ aggregate }) => aggregate);
