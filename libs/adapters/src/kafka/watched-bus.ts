import type { Db } from 'mongodb';
import { countedBus } from './counted-bus';
import type { EventBus } from './event-bus';
import { MessageOrders, obeyingBus } from './message-orders';

/** The bus of a process that reads for one group: what it does is counted, and operators can take a message from it. */
export const watchedBus = (bus: EventBus, group: string, db: Db): EventBus => countedBus(obeyingBus(bus, new MessageOrders(db, group)), group);
