import {
  deadlineReadiness,
  topicsOf,
  SystemHealth,
  TableStore,
  troubleNumbers,
  within,
  type DeadlineReadiness,
  type SystemSnapshot,
  type TroubleNumbers,
} from '@qiyue/edge';
import { toShanghaiIso } from '@qiyue/engine';
import {
  ConsumerLag,
  consumerGroupsOf,
  kafkaSecurityOf,
  openMongo,
  pacedClock,
  parsePace,
  securityIn,
  settingsSchema,
  systemClock,
  type Clock,
} from '@qiyue/platform';
import { namesOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { probeKafka, probeTemporal, type StackStatus } from '@qiyue/stack';

export interface SystemLook {
  readonly snapshot: SystemSnapshot;
  readonly troubles: TroubleNumbers;
  /** What new deadlines run on; null: not known now. */
  readonly deadlines: DeadlineReadiness | null;
}

const LOOK_MS_MAX = 2_500;
const CLOSE_MS_MAX = 200;

/**
 * What is broken, asked of the stores themselves, so that it is seen while the API is down too. Null when there are no stores to ask.
 * Never rejects, and takes no longer than three seconds.
 */
export const lookAtSystem = async ({ mongodb, kafka }: Pick<StackStatus, 'mongodb' | 'kafka'>): Promise<SystemLook | null> => {
  const uri = process.env['QIYUE_MONGODB_URI'] ?? mongodb;
  const brokers = process.env['QIYUE_KAFKA_BROKERS'] ?? kafka;
  if (uri === null || brokers === null) return null;
  try {
    const security = securityIn(process.env);
    const { client, db } = openMongo({
      ...security,
      QIYUE_MONGODB_URI: uri,
      QIYUE_MONGODB_DATABASE: process.env['QIYUE_MONGODB_DATABASE'] ?? 'qiyue',
    });
    const read = { groups: consumerGroupsOf(AGGREGATES), topics: topicsOf(namesOf(AGGREGATES)) };
    const lag = new ConsumerLag(brokers.split(','), 'qiyue-status', { security: kafkaSecurityOf(security), db, ...read });
    const clock = clockOfEnvironment();
    const [snapshot, deadlines] = await Promise.all([
      within(LOOK_MS_MAX, () => new SystemHealth({ db, aggregates: AGGREGATES, lag, clock }).read()),
      within(LOOK_MS_MAX, async () => deadlineReadiness(await new TableStore(db).current(), toShanghaiIso(clock.nowMs()))),
    ]);
    await within(CLOSE_MS_MAX, () => Promise.all([lag.close(), client.close()]));
    return snapshot && { snapshot, troubles: troubleNumbers(snapshot, { checkpointMinutes: checkpointMinutes() }), deadlines };
  } catch {
    return null; // settings that contradict themselves: every other command says which
  }
};

/** Servers that have an address and do not answer: a process that is there may hang. Never rejects, and takes no longer than three seconds. */
export const silentServers = async ({
  temporal,
  kafka,
  mongodb,
}: Pick<StackStatus, 'temporal' | 'kafka' | 'mongodb'>): Promise<readonly string[]> => {
  const asked: readonly (readonly [string, string | null, (address: string) => Promise<unknown>])[] = [
    ['temporal', temporal, (address) => probeTemporal(address, process.env['QIYUE_TEMPORAL_NAMESPACE'] ?? 'default')],
    ['kafka', kafka, probeKafka],
    ['mongodb', mongodb, pingMongodb],
  ];
  const answers = await Promise.all(
    asked.map(async ([name, address, ask]) => (address === null || (await within(LOOK_MS_MAX, () => ask(address).then(() => true))) ? [] : [name])),
  );
  return answers.flat();
};

const pingMongodb = async (uri: string): Promise<void> => {
  const { client, db } = openMongo({ ...securityIn(process.env), QIYUE_MONGODB_URI: uri, QIYUE_MONGODB_DATABASE: 'qiyue' });
  try {
    await db.command({ ping: 1 });
  } finally {
    void client.close().catch(() => undefined);
  }
};

const checkpointMinutes = (): number => settingsSchema.shape.QIYUE_CHECKPOINT_MINUTES.catch(60).parse(process.env['QIYUE_CHECKPOINT_MINUTES']);

/** A rehearsal's time, where the environment names it: else nothing of it would be in time. */
const clockOfEnvironment = (): Clock => {
  const pace = parsePace(process.env['QIYUE_REHEARSAL_CLOCK'] ?? '');
  return pace === null ? systemClock : pacedClock(pace);
};
