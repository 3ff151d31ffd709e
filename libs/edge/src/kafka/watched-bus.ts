import type { Db } from 'mongodb';
import type { RightsSeal } from '../auth/rights-seal';
import { countedBus, type EventBus, ReaderPositions } from '@qiyue/platform';
import { MessageOrders, obeyingBus } from './message-orders';

/**
 * The bus of a process that reads for one group: what it does is counted, operators can take a message from it, and it goes on where it
 * has come to by its own word. `rights`: null where the process has no keys, and what it makes of messages can be changed in the database anyway.
 */
export const watchedBus = (bus: EventBus, group: string, db: Db, rights: Pick<RightsSeal, 'sign' | 'isRight'> | null): EventBus =>
  countedBus(obeyingBus(ownStanding(bus, db), new MessageOrders(db, group, rights)), group);

const ownStanding = (bus: EventBus, db: Db): EventBus => ({
  publisher: () => bus.publisher(),
  subscribe: (options, handle) => bus.subscribe({ positions: new ReaderPositions(db, options.groupId), ...options }, handle),
});
