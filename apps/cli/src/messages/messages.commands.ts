import { sourceIn, StandingMessages, type LetterFilter, type StandingMessage } from '@qiyue/edge';
import { toShanghaiIso } from '@qiyue/engine';
import type { LedgerStore } from '@qiyue/engine-runtime';
import type { Command } from 'commander';
import { withJournal, withStore, type CliJournal } from '../audit/audit-dependencies';
import { rightsToSignBy } from '../audit/own-rights';
import { CliError, print, printJsonLine } from '../context';
import { counted } from '../show/counted';
import { sendAgain } from './send-again';
import { giveParkedUp } from './skip-parked';
import { giveReactionUp } from './skip-reaction';

interface Json {
  readonly json?: boolean;
}
type Act = (messages: StandingMessages, message: StandingMessage, store: LedgerStore) => Promise<string>;

export const addMessagesCommands = (program: Command): void => {
  const messages = program.command('messages').description('messages, commands and records that stand aside');
  messages
    .command('list')
    .description('what is stuck, dead, parked or set aside')
    .option('--topic <name>', 'of one topic only')
    .option('--json', 'print as JSON')
    .action(async ({ topic, json = false }: Json & { topic?: string }) => {
      const [found, inCrowds] = await withStore(({ db }) => {
        const standing = new StandingMessages(db);
        return Promise.all([standing.list(topic), standing.inCrowds()]);
      });
      if (json) return printJsonLine({ messages: found, inCrowds });
      if (found.length === 0) print('nothing stands aside');
      for (const message of found) print(lineOf(message));
      if (inCrowds > 0) print(`${counted(inCrowds, 'command')} of persons who have sent many at once go in their turn`);
    });
  messages
    .command('show')
    .description('all that is known of one; never what it says')
    .argument('<id>')
    .option('--json', 'print as JSON')
    .action(async (id: string, { json = false }: Json) => {
      const message = await withStore(({ db }) => theOne(new StandingMessages(db), id));
      if (json) printJsonLine(message);
      else for (const [name, value] of Object.entries(message)) if (value !== null) print(`${name.padEnd(10)} ${String(value)}`);
    });
  addSkip(messages);
  addAction(messages, 'park', 'take it from the reader that stands at it; `retry` sends it again', park);
  addAction(messages, 'retry', 'try it again', retry);
};

const addSkip = (messages: Command): void => {
  messages
    .command('skip')
    .description('leave it out for good; without an id: all dead letters that fit')
    .argument('[id]')
    .option('--topic <name>', 'those of one topic')
    .option('--reason <reason>', 'those with this reason')
    .option('--before <time>', 'those from before this time, ISO 8601 with offset')
    .option('--why <text>', 'the reason, for the record; what follows from a record is not given up without one')
    .option('--json', 'print as JSON')
    .action(
      async (id: string | undefined, { json = false, why, ...asked }: Json & { topic?: string; reason?: string; before?: string; why?: string }) => {
        const filter = filterIn(asked);
        if ((id === undefined) === (Object.keys(filter).length === 0)) throw new CliError('either an id, or --topic, --reason or --before');
        const said = await withJournal((store, journal) =>
          id === undefined
            ? skippedLetters(new StandingMessages(store.db), journal, filter)
            : acted(store, journal, { id, name: 'skip', act: skip, ...(why === undefined ? {} : { why }) }),
        );
        if (json) printJsonLine({ id: id ?? null, action: 'skip', said });
        else print(said);
      },
    );
};

const filterIn = ({ topic, reason, before }: LetterFilter): LetterFilter => {
  const atMs = before === undefined ? null : Date.parse(before);
  if (atMs !== null && (Number.isNaN(atMs) || !/(Z|[+-]\d\d:?\d\d)$/.test(before ?? '')))
    throw new CliError('--before: a time as 2026-11-26T08:00:00+08:00 is needed');
  return {
    ...(topic === undefined ? {} : { topic }),
    ...(reason === undefined ? {} : { reason }),
    ...(atMs === null ? {} : { before: toShanghaiIso(atMs) }),
  };
};

const skippedLetters = async (messages: StandingMessages, journal: CliJournal, filter: LetterFilter): Promise<string> => {
  const on = Object.entries(filter)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
  await journal.insist({ type: 'OperatorActed', data: { action: 'messages-skip', on } });
  return `${counted(await messages.skipLetters(filter), 'dead letter')} no longer open`;
};

const addAction = (messages: Command, name: string, description: string, act: Act): void => {
  messages
    .command(name)
    .description(description)
    .argument('<id>')
    .option('--json', 'print as JSON')
    .action(async (id: string, { json = false }: Json) => {
      const said = await withJournal((store, journal) => acted(store, journal, { id, name, act }));
      if (json) printJsonLine({ id, action: name, said });
      else print(said);
    });
};

/** Recorded before it is done. */
const acted = async (
  store: LedgerStore,
  journal: CliJournal,
  { id, name, act, why }: { readonly id: string; readonly name: string; readonly act: Act; readonly why?: string },
): Promise<string> => {
  const messages = new StandingMessages(store.db);
  const message = await theOne(messages, id);
  if (name === 'skip' && message.state === 'reaction-parked' && (why ?? '').trim() === '') throw new CliError('--why: say why it is given up');
  await journal.insist({ type: 'OperatorActed', data: { action: `messages-${name}`, on: id, ...(why === undefined ? {} : { why }) } });
  return act(messages, message, store);
};

const theOne = async (messages: StandingMessages, id: string): Promise<StandingMessage> => {
  const found = await messages.find(id);
  if (found === null) throw new CliError(`nothing with the id ${id} stands aside: see \`npx qiyue messages list\``);
  return found;
};

const skip: Act = async (messages, message, store) => {
  switch (message.state) {
    case 'retrying':
      await messages.order(message, 'skip', await rightsToSignBy());
      return `${message.reader ?? 'its reader'} leaves out offset ${message.offset ?? '?'} with its next attempt`;
    case 'dead':
      await messages.markLetter(message.id, 'skipped');
      return 'it no longer counts as open';
    case 'parked':
      await giveParkedUp(store, message.id);
      return 'it is out of its line; the next of its key takes its place';
    case 'reaction-parked':
      return giveReactionUp(store, sourceIn(message.id));
    case 'reaction-refused':
      await messages.acknowledgeReaction(message.id);
      return 'it no longer counts as open; what it was to do is yours to do';
    case 'saga-waiting':
      throw new CliError('what it has done at other entities would stay: mend the entity that it waits for, and it goes on by itself');
    case 'set-aside':
      throw new CliError('a record of the ledger is never left out: mend what the broker refuses, then `npx qiyue messages retry`');
  }
};

const park: Act = async (messages, message) => {
  if (message.state !== 'retrying') throw new CliError('it holds up nobody: nothing has to be parked');
  await messages.order(message, 'park', await rightsToSignBy());
  return `${message.reader ?? 'its reader'} puts offset ${message.offset ?? '?'} aside with its next attempt`;
};

const retry: Act = async (messages, message) => {
  switch (message.state) {
    case 'retrying':
      return 'its reader tries it again by itself, once a second';
    case 'dead':
      await sendAgain(message);
      await messages.markLetter(message.id, 'retried');
      return 'sent again, behind all that is on the topic now';
    case 'parked':
      await messages.retryParked(message.id);
      return 'it is tried within a moment, with all that stand before it';
    case 'reaction-parked':
      await messages.retryParkedReaction(message.id);
      return 'it is tried within a moment, and then all that follows from later records';
    case 'reaction-refused':
      if (!(await messages.retryRefusedReaction(message.id)))
        throw new CliError('what was refused under this id is refused for ever: do what it was to do by hand, then `npx qiyue messages skip`');
      return 'it is made within a moment, if what broke is mended';
    case 'saga-waiting':
      return 'it tries again by itself, at least twice a minute';
    case 'set-aside':
      await messages.retryAside(message.id);
      return 'the relay publishes it within a moment, if the broker takes it now';
  }
};

/** One line: what stands aside, whose it is, why, and since when. */
export const lineOf = ({ id, state, reader, entity, seq, commandId, why, detail, reaction, tries = 0, since }: StandingMessage): string => {
  const of = [entity === null ? '' : `entity ${entity}`, seq === null ? '' : `seq ${seq}`, commandId === null ? '' : `command ${commandId}`];
  const by = [reader === null ? '' : `by ${reader}`, reaction === undefined ? '' : `reaction ${reaction}`];
  const tried = tries > 1 ? `, tried ${tries} times` : '';
  return `${state.padEnd(16)} ${id} ${[...of, ...by].filter((part) => part !== '').join(' ')}: ${[why, detail].filter((part) => part !== undefined).join(': ')} (since ${since}${tried})`;
};
