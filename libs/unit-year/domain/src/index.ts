export * from './unit-year.commands';
export * from './unit-year.events';
export * from './unit-year.state';
export { ENDED_KEPT, RESERVATIONS_MAX, reservedFenOf, type Reservation } from '@qiyue/civic-domain';
export * from './unit-year.refusals';
export * from './unit-year.permissions';
export { closesAtOf } from './unit-year.policy';
export { UNIT_YEAR_RULES, unitYearDecider } from './unit-year.decider';
