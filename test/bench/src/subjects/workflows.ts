import { allHandlersFinished, condition, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';
import { entityWorkflow } from '@qiyue/engine-workflow';
import { unitYearDecider } from '@qiyue/unit-year-domain';

export * from '@qiyue/workflows-need';
export { saga } from '@qiyue/workflows-saga';
export const unitYear = entityWorkflow(unitYearDecider);

/** What a peer's event holds: about 0.4 KB. */
export interface PlainEvent {
  readonly id: string;
  readonly seq: number;
  readonly pad: string;
}

export interface PlainActivities {
  publish(event: PlainEvent): Promise<void>;
}

const plainCommand = defineUpdate<number, [{ readonly pad: string }]>('plain-command');

/** The bound: a workflow that counts its updates, and nothing leaves it. */
export const bare = async (updates: number): Promise<number> => {
  let count = 0;
  setHandler(plainCommand, () => (count += 1));
  await condition(() => count >= updates);
  return count;
};

const { publish } = proxyActivities<PlainActivities>({ startToCloseTimeout: '10 seconds' });

/** The same work as one would write it by hand: the handler awaits an activity that appends to MongoDB and publishes to Kafka. */
export const handWritten = async (id: string, updates: number): Promise<number> => {
  let count = 0;
  setHandler(plainCommand, async ({ pad }) => {
    const seq = (count += 1);
    await publish({ id, seq, pad });
    return seq;
  });
  await condition(() => count >= updates && allHandlersFinished());
  return count;
};
