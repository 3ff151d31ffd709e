import type { Actor } from '@qiyue/engine';
import type { AnyAggregate, AnyView } from './aggregate';

/** Who looks after all entities; operators keep the notices going. */
const LOOK_AFTER_ALL: ReadonlySet<string> = new Set(['supervisor', 'centre', 'authority', 'operator']);

/** Whether somebody may ask who was told what of an entity: those who look after all of them, and the communities and units that it concerns. */
export const mayAskWhoWasTold = ({ access }: AnyAggregate, view: AnyView, { role, unit }: Pick<Actor, 'role' | 'unit'>): boolean => {
  if (LOOK_AFTER_ALL.has(role)) return true;
  if (unit === null) return false;
  return (role === 'community' && access.communitiesOf(view).includes(unit)) || (role === 'department' && access.unitsOf(view).includes(unit));
};
