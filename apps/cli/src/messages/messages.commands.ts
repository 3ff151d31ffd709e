import { sourceIn, StandingMessages, type LetterFilter, type StandingMessage, type StandingState } from '@qiyue/edge';
import type { Language, Texts } from '@qiyue/civic-domain';
import { minuteOf, toShanghaiIso } from '@qiyue/engine';
import type { LedgerStore } from '@qiyue/engine-runtime';
import type { Command } from 'commander';
import { withJournal, withStore, type CliJournal } from '../audit/audit-dependencies';
import { rightsToSignBy } from '../audit/own-rights';
import { CliError, print, printJsonLine } from '../context';
import { counted } from '../show/counted';
import { inWords, language } from '../show/language';
import { pad } from '../show/timeline';
import { sendAgain } from './send-again';
import { giveParkedUp } from './skip-parked';
import { giveReactionUp } from './skip-reaction';
import { AS_JSON } from '../show/options';

interface Json {
  readonly json?: boolean;
}
type Act = (messages: StandingMessages, message: StandingMessage, store: LedgerStore) => Promise<string>;

export const addMessagesCommands = (program: Command): void => {
  const messages = program
    .command('messages')
    .description(inWords({ 'zh-CN': '搁置的消息、命令和记录', en: 'messages, commands and records that stand aside' }));
  messages
    .command('list')
    .description(inWords({ 'zh-CN': '卡住、成为死信或搁置的', en: 'what is stuck, dead, parked or set aside' }))
    .option('--topic <name>', inWords({ 'zh-CN': '只看一个主题的', en: 'of one topic only' }))
    .option('--json', inWords(AS_JSON))
    .action(async ({ topic, json = false }: Json & { topic?: string }) => {
      const [found, inCrowds] = await withStore(({ db }) => {
        const standing = new StandingMessages(db);
        return Promise.all([standing.list(topic), standing.inCrowds()]);
      });
      if (json) return printJsonLine({ messages: found, inCrowds });
      if (found.length === 0) print(inWords({ 'zh-CN': '没有搁置的消息', en: 'nothing stands aside' }));
      for (const message of found) print(lineOf(message, language()));
      if (inCrowds > 0)
        print(
          inWords({
            'zh-CN': `${inCrowds} 条命令属于一次发送过多的人，依次处理`,
            en: `${counted(inCrowds, 'command')} of persons who have sent many at once go in their turn`,
          }),
        );
    });
  messages
    .command('show')
    .description(inWords({ 'zh-CN': '关于其中一条的全部所知，但不含其内容', en: 'all that is known of one; never what it says' }))
    .argument('<id>')
    .option('--json', inWords(AS_JSON))
    .action(async (id: string, { json = false }: Json) => {
      const message = await withStore(({ db }) => theOne(new StandingMessages(db), id));
      if (json) printJsonLine(message);
      else print(factsOf(message, language()).join('\n'));
    });
  addSkip(messages);
  addAction(
    messages,
    'park',
    inWords({ 'zh-CN': '从停在它面前的读取者处取走；`retry` 重新发送', en: 'take it from the reader that stands at it; `retry` sends it again' }),
    park,
  );
  addAction(messages, 'retry', inWords({ 'zh-CN': '重试', en: 'try it again' }), retry);
};

const addSkip = (messages: Command): void => {
  messages
    .command('skip')
    .description(
      inWords({ 'zh-CN': '永久跳过；不给 id 时为所有符合条件的死信', en: 'leave it out for good; without an id: all dead letters that fit' }),
    )
    .argument('[id]')
    .option('--topic <name>', inWords({ 'zh-CN': '某一主题的', en: 'those of one topic' }))
    .option('--reason <reason>', inWords({ 'zh-CN': '原因为此的', en: 'those with this reason' }))
    .option('--before <time>', inWords({ 'zh-CN': '早于此时刻的，ISO 8601，带时区', en: 'those from before this time, ISO 8601 with offset' }))
    .option(
      '--why <text>',
      inWords({
        'zh-CN': '理由，记录在案；放弃记录引出的后续必须写明',
        en: 'the reason, for the record; what follows from a record is not given up without one',
      }),
    )
    .option('--json', inWords(AS_JSON))
    .action(
      async (id: string | undefined, { json = false, why, ...asked }: Json & { topic?: string; reason?: string; before?: string; why?: string }) => {
        const filter = filterIn(asked);
        if ((id === undefined) === (Object.keys(filter).length === 0))
          throw new CliError(
            inWords({ 'zh-CN': '须给出一个 id，或 --topic、--reason、--before 之一', en: 'either an id, or --topic, --reason or --before' }),
          );
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
    throw new CliError(
      inWords({ 'zh-CN': '--before：须为时间，例如 2026-11-26T08:00:00+08:00', en: '--before: a time as 2026-11-26T08:00:00+08:00 is needed' }),
    );
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
  const left = await messages.skipLetters(filter);
  return inWords({ 'zh-CN': `${left} 条死信不再待处理`, en: `${counted(left, 'dead letter')} no longer open` });
};

const addAction = (messages: Command, name: string, description: string, act: Act): void => {
  messages
    .command(name)
    .description(description)
    .argument('<id>')
    .option('--json', inWords(AS_JSON))
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
  if (name === 'skip' && message.state === 'reaction-parked' && (why ?? '').trim() === '')
    throw new CliError(inWords({ 'zh-CN': '--why：请写明放弃的理由', en: '--why: say why it is given up' }));
  await journal.insist({ type: 'OperatorActed', data: { action: `messages-${name}`, on: id, ...(why === undefined ? {} : { why }) } });
  return act(messages, message, store);
};

const theOne = async (messages: StandingMessages, id: string): Promise<StandingMessage> => {
  const found = await messages.find(id);
  if (found === null)
    throw new CliError(
      inWords({
        'zh-CN': `没有 id 为 ${id} 的搁置消息：见 \`npx qiyue messages list\``,
        en: `nothing with the id ${id} stands aside: see \`npx qiyue messages list\``,
      }),
    );
  return found;
};

const skip: Act = async (messages, message, store) => {
  switch (message.state) {
    case 'retrying':
      await messages.order(message, 'skip', await rightsToSignBy());
      return inWords({
        'zh-CN': `${message.reader ?? '读取者'} 下次尝试时跳过 offset ${message.offset ?? '?'}`,
        en: `${message.reader ?? 'its reader'} leaves out offset ${message.offset ?? '?'} with its next attempt`,
      });
    case 'dead':
      await messages.markLetter(message.id, 'skipped');
      return inWords({ 'zh-CN': '不再算作待处理', en: 'it no longer counts as open' });
    case 'parked':
      await giveParkedUp(store, message.id);
      return inWords({ 'zh-CN': '已移出队列，由同一键的下一条接替', en: 'it is out of its line; the next of its key takes its place' });
    case 'reaction-parked':
      return giveReactionUp(store, sourceIn(message.id));
    case 'reaction-refused':
      await messages.acknowledgeReaction(message.id);
      return inWords({ 'zh-CN': '不再算作待处理；它原本要做的事须由您来做', en: 'it no longer counts as open; what it was to do is yours to do' });
    case 'saga-waiting':
      throw new CliError(
        inWords({
          'zh-CN': '它在其他事项上已做的会留下：修复它等待的事项，它会自行继续',
          en: 'what it has done at other entities would stay: mend the entity that it waits for, and it goes on by itself',
        }),
      );
    case 'set-aside':
      throw new CliError(
        inWords({
          'zh-CN': '台账的记录不能跳过：先解决消息服务器拒收的原因，再运行 `npx qiyue messages retry`',
          en: 'a record of the ledger is never left out: mend what the broker refuses, then `npx qiyue messages retry`',
        }),
      );
  }
};

const park: Act = async (messages, message) => {
  if (message.state !== 'retrying')
    throw new CliError(inWords({ 'zh-CN': '它没有挡住任何消息，无需搁置', en: 'it holds up nobody: nothing has to be parked' }));
  await messages.order(message, 'park', await rightsToSignBy());
  return inWords({
    'zh-CN': `${message.reader ?? '读取者'} 下次尝试时搁置 offset ${message.offset ?? '?'}`,
    en: `${message.reader ?? 'its reader'} puts offset ${message.offset ?? '?'} aside with its next attempt`,
  });
};

const retry: Act = async (messages, message) => {
  switch (message.state) {
    case 'retrying':
      return inWords({ 'zh-CN': '读取者每秒自行重试一次', en: 'its reader tries it again by itself, once a second' });
    case 'dead':
      await sendAgain(message);
      await messages.markLetter(message.id, 'retried');
      return inWords({ 'zh-CN': '已重新发送，排在该主题现有消息之后', en: 'sent again, behind all that is on the topic now' });
    case 'parked':
      await messages.retryParked(message.id);
      return inWords({ 'zh-CN': '即将重试，连同排在它前面的', en: 'it is tried within a moment, with all that stand before it' });
    case 'reaction-parked':
      await messages.retryParkedReaction(message.id);
      return inWords({
        'zh-CN': '即将重试，随后处理之后各条记录引出的事',
        en: 'it is tried within a moment, and then all that follows from later records',
      });
    case 'reaction-refused':
      if (!(await messages.retryRefusedReaction(message.id)))
        throw new CliError(
          inWords({
            'zh-CN': '以此 id 被拒绝的永远被拒绝：请人工完成它要做的事，再运行 `npx qiyue messages skip`',
            en: 'what was refused under this id is refused for ever: do what it was to do by hand, then `npx qiyue messages skip`',
          }),
        );
      return inWords({ 'zh-CN': '若故障已排除，即将完成', en: 'it is made within a moment, if what broke is mended' });
    case 'saga-waiting':
      return inWords({ 'zh-CN': '自行重试，每分钟至少两次', en: 'it tries again by itself, at least twice a minute' });
    case 'set-aside':
      await messages.retryAside(message.id);
      return inWords({ 'zh-CN': '若消息服务器现在接收，转发进程即将发布', en: 'the relay publishes it within a moment, if the broker takes it now' });
  }
};

const STATES: Readonly<Record<StandingState, Texts>> = {
  retrying: { 'zh-CN': '重试中', en: 'retrying' },
  dead: { 'zh-CN': '死信', en: 'dead' },
  parked: { 'zh-CN': '命令搁置', en: 'parked' },
  'set-aside': { 'zh-CN': '记录搁置', en: 'set-aside' },
  'reaction-parked': { 'zh-CN': '后续搁置', en: 'reaction-parked' },
  'reaction-refused': { 'zh-CN': '后续被拒', en: 'reaction-refused' },
  'saga-waiting': { 'zh-CN': '等待其他事项', en: 'saga-waiting' },
};

/** One line: what stands aside, whose it is, why, and since when. */
export const lineOf = (message: StandingMessage, of: Language): string => {
  const { id, state, reader, entity, seq, commandId, why, detail, reaction, tries = 0, since } = message;
  const zh = of === 'zh-CN';
  const named = (name: Texts, value: unknown): readonly string[] => (value === null || value === undefined ? [] : [`${name[of]} ${String(value)}`]);
  const parts = [
    ...named({ 'zh-CN': '事项', en: 'entity' }, entity),
    ...named({ 'zh-CN': 'seq', en: 'seq' }, seq),
    ...named({ 'zh-CN': '命令', en: 'command' }, commandId),
    ...named({ 'zh-CN': '读取者', en: 'by' }, reader),
    ...named({ 'zh-CN': '后续', en: 'reaction' }, reaction),
  ];
  const colon = zh ? '：' : ': ';
  const tried = tries > 1 ? (zh ? `，已试 ${tries} 次` : `, tried ${tries} times`) : '';
  const when = zh ? `（自 ${minuteOf(since)}${tried}）` : ` (since ${minuteOf(since)}${tried})`;
  return `${pad(STATES[state][of], STATE_WIDTH)} ${id} ${parts.join(' ')}${colon}${[why, detail].filter((part) => part !== undefined).join(colon)}${when}`;
};
const STATE_WIDTH = 16;

const FIELDS: Readonly<Record<string, string>> = {
  ...{ id: '编号', state: '状态', topic: '主题', partition: '分区', offset: '位置', reader: '读取者', entity: '事项', seq: 'seq' },
  ...{ commandId: '命令', why: '原因', detail: '详情', reaction: '后续', tries: '次数', since: '自', hash: '原文摘要' },
};

/** All that is known of one, a line each. */
export const factsOf = (message: StandingMessage, of: Language): readonly string[] =>
  Object.entries(message)
    .filter(([, value]) => value !== null)
    .map(
      ([name, value]) => `${pad(of === 'zh-CN' ? (FIELDS[name] ?? name) : name, 10)} ${String(name === 'state' ? STATES[message.state][of] : value)}`,
    );
