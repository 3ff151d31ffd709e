import { refuse, type Saga, type SagaStep } from '@qiyue/engine';
import type { OrderCommand, OrderState } from './order.decider';

const ofPurse = (entity: string, type: string, data: SagaStep['data']): SagaStep => ({ aggregate: 'purse', entity, type, data });

/** Money is reserved in each purse of the order before it is paid, and released should the order refuse. */
export const paySaga: Saga<OrderState, OrderCommand> = {
  aggregate: 'order',
  type: 'pay',
  plan: ({ data }, { purses }, { entity, commandId }) => {
    if (!('priceFen' in data) || data.priceFen === 0) return null; // a present: it follows from the command alone
    if (purses.length === 0) return refuse('no-purse');
    const reservation = `${entity} ${commandId}`; // a key may be used twice at once, for two orders
    return {
      before: purses.map((purse) => ofPurse(purse, 'reserve', { reservation, amountFen: data.priceFen })),
      undo: purses.map((purse) => ofPurse(purse, 'release', { reservation })),
      data: { reservation, purses },
    };
  },
  refusalOf: ({ refusal }) => (refusal.code === 'not-found' ? { code: 'no-purse' } : refusal),
};
