import { setTimeout as pause } from 'node:timers/promises';
import { entityIdOf, fingerprintOf, toShanghaiIso, type Actor } from '@qiyue/engine';
import { rebuildModel, verifyLedger, type Command } from '@qiyue/engine-runtime';
import { loanDecider, type LoanCommand } from '../../loan/loan.decider.js';
import { openLibrary } from './library.js';
import { onLoan } from './on-loan.model.js';

const READER: Actor = { id: 'reader-1', role: 'reader', unit: null };
const DEADLINE_MS = 20_000;

/** As an edge makes it of a request: its key is the command's id, and the same key is the same command for ever. */
const commandOf = ({ type, data }: LoanCommand, commandId: string, entity: string): Command => {
  const asked = { entity, type, data, actor: READER };
  const isFirst = type === loanDecider.startsWith;
  return {
    ...asked,
    commandId,
    channel: 'http',
    receivedAt: toShanghaiIso(Date.now()),
    fingerprint: fingerprintOf(asked),
    aggregate: loanDecider.aggregate,
    starts: isFirst,
  };
};

const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

const main = async (): Promise<void> => {
  const library = await openLibrary({
    temporal: setting('TEMPORAL_ADDRESS'),
    mongodb: setting('MONGODB_URI'),
    kafka: setting('KAFKA_BROKERS'),
    name: setting('LIBRARY_NAME'),
  });
  const { store, gateway, active } = library;
  const entity = entityIdOf(loanDecider.aggregate, READER.id, 'key-1');
  const give = async (command: LoanCommand, key: string) => {
    const answer = await gateway.execute(commandOf(command, key, entity), DEADLINE_MS);
    if (answer.kind !== 'outcome') return answer.kind;
    return answer.outcome.status === 'accepted' ? `accepted at ${answer.outcome.seq}` : answer.outcome.refusal.code;
  };

  const lend: LoanCommand = { type: 'lend', data: { book: '山海经' } };
  const answers = [
    await give(lend, 'key-1'),
    await give(lend, 'key-1'), // a retry: the first answer, and nothing is written twice
    await give({ type: 'renew', data: {} }, 'key-2'),
    await give({ type: 'lend', data: { book: '水经注' } }, 'key-3'),
    await give({ type: 'bring-back', data: {} }, 'key-4'),
  ];

  const untilMs = Date.now() + DEADLINE_MS;
  const seen = async () => (await active.collection()).findOne({ _id: entity });
  let card = await seen();
  for (; card?.seq !== 3 && Date.now() < untilMs; card = await seen()) await pause(50);

  const rebuilt = await rebuildModel(store, onLoan, () => undefined);
  const verified = await verifyLedger(store);
  console.log(
    JSON.stringify({
      answers,
      seq: card?.seq,
      view: card?.view,
      rebuilt: { entities: rebuilt.entities, changed: rebuilt.changed },
      verified,
      types: (await store.stream(entity)).map(({ type }) => type),
    }),
  );
  await library.close();
};

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
