import { asParked, DeadLetterRows, DeadLetters, ParkedCommands, skipParked } from '@qiyue/edge';
import { KafkajsEventBus, kafkaSecurityOf, securityIn } from '@qiyue/platform';
import { CommandLog, Incidents, type LedgerStore } from '@qiyue/engine-runtime';
import { neededBrokers } from '../audit/audit-dependencies';
import { CliError } from '../context';
import { inWords } from '../show/language';
import { BUSY } from '../show/sentences';

/** An attempt to give it to its entity takes three seconds, and a pause is behind it. */
const FREE_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 200;
const silent = { warn: () => undefined, error: () => undefined };

/** A parked command out of its line for good. Throws a sentence when that cannot be now. */
export const giveParkedUp = async (store: LedgerStore, id: string): Promise<void> => {
  const servers = neededBrokers();
  const publisher = new KafkajsEventBus(servers, 'qiyue-messages', kafkaSecurityOf(securityIn(process.env))).publisher();
  const rows = new DeadLetterRows(store.db);
  const letters = new DeadLetters('operator', { publisher, rows, log: silent, cleaned: asParked });
  try {
    const ports = { parked: new ParkedCommands(store.db), letters, rows, commandLog: new CommandLog(store), incidents: new Incidents(store.db) };
    let skipped = await skipParked(ports, id);
    for (const untilMs = Date.now() + FREE_WITHIN_MS; skipped === 'busy' && Date.now() < untilMs; skipped = await skipParked(ports, id))
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    if (skipped === 'busy') throw new CliError(inWords(BUSY));
    if (skipped === null) throw new CliError(inWords({ 'zh-CN': '它已不再搁置：已有结果', en: 'it is not parked any more: it has its outcome' }));
  } finally {
    await publisher.close();
  }
};
