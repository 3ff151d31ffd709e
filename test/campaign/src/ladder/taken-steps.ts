import { eventTopicOf } from '@qiyue/engine';
import { connectTemporal } from '@qiyue/platform';
import type { System } from '@qiyue/testkit';
import type { ExpectedStep } from './expected-ladder';
import type { LadderNeed } from './ladder-needs';
import { enteredHistory } from './step-times';

/** One step of one need, with the machine's times, ms, at which it entered Temporal's history and the topic. */
export interface TakenStep {
  readonly needId: string;
  readonly step: ExpectedStep;
  readonly historyMs: number;
  /** Timestamp of the Kafka message of its first event. */
  readonly topicMs: number;
}

const AT_ONCE = 10;

/** Every step of every need, and in words what was not found. */
export const takenSteps = async (
  system: System,
  needs: readonly LadderNeed[],
): Promise<{ readonly taken: readonly TakenStep[]; readonly troubles: readonly string[] }> => {
  const { temporal } = system.servers;
  const { client, connection } = connectTemporal({ QIYUE_TEMPORAL_ADDRESS: temporal.address, QIYUE_TEMPORAL_NAMESPACE: temporal.namespace });
  const published = await firstTimes(system);
  const taken: TakenStep[] = [];
  const troubles: string[] = [];
  try {
    for (let i = 0; i < needs.length; i += AT_ONCE) {
      const part = needs.slice(i, i + AT_ONCE);
      const times = await Promise.all(part.map(({ needId, steps }) => enteredHistory(client, needId, steps)));
      for (const [j, need] of part.entries()) {
        const entered = times[j] ?? [];
        if (entered.length !== need.steps.length) troubles.push(`${need.needId}: ${entered.length} steps in Temporal's history`);
        taken.push(...ofNeed(need, entered, published));
      }
    }
  } finally {
    await connection.close();
  }
  return { taken, troubles };
};

const ofNeed = ({ needId, steps }: LadderNeed, entered: readonly number[], published: ReadonlyMap<string, number>): readonly TakenStep[] => {
  let seq = 1;
  return steps.map((step, i) => {
    const topicMs = published.get(`${needId}:${seq + 1}`) ?? Infinity;
    seq += step.gives.length;
    return { needId, step, historyMs: entered[i] ?? Infinity, topicMs };
  });
};

const firstTimes = async (system: System): Promise<ReadonlyMap<string, number>> => {
  const first = new Map<string, number>();
  for (const { value, timestampMs } of await system.kafka.readAll(eventTopicOf('need'))) {
    const { id } = JSON.parse(value ?? '') as { readonly id: string };
    first.set(id, Math.min(first.get(id) ?? Infinity, timestampMs));
  }
  return first;
};
