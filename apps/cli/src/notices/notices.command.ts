import type { Command } from 'commander';
import { ProblemError } from '@qiyue/client';
import { CliError, print, printJsonLine, type Language } from '../context';
import { mistakesIn, readDirectoryFile } from './directory-file';
import { inWords, withLang } from '../show/language';
import { ladderLines } from './ladder.lines';
import { answerOf, askApi, type DirectoryDocument, type Ladder, type NoticePage, type NoticeRow } from './notices.api';
import { countLine, directoryLines, noticeLines, stateWord } from './notices.lines';
import { AS_JSON, AT_MOST, GO_ON, UNIT_OF_ACTOR } from '../show/options';

interface Common {
  readonly actor?: string;
  readonly role?: string;
  readonly unit?: string;
  readonly lang: Language;
  readonly json?: boolean;
}
type ListOptions = Common & {
  readonly state?: string;
  readonly need?: string;
  readonly entity?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly type?: string;
  readonly channel?: string;
};

const withCommon = (command: Command): Command =>
  withLang(command)
    .option(
      '--actor <id>',
      inWords({
        'zh-CN': '由谁查询（为本机系统签发令牌）；不填用 QIYUE_TOKEN',
        en: 'who asks (a token is signed for the local stack); else QIYUE_TOKEN',
      }),
    )
    .option('--role <role>', inWords({ 'zh-CN': '操作者的角色；不填为 operator', en: 'role of the actor, else operator' }))
    .option('--unit <name>', inWords(UNIT_OF_ACTOR))
    .option('--json', inWords(AS_JSON));

export const addNoticesCommands = (program: Command): void => {
  const directory = program.command('directory').description(
    inWords({
      'zh-CN': '通知以邮件、短信、机器人送达谁；社区、小区和单位的名称',
      en: 'whom notices reach by e-mail, short message and robot; what communities, compounds and units are called',
    }),
  );
  withCommon(
    directory.command('import <file>').description(
      inWords({
        'zh-CN': '以 JSON 文件中的人员、机器人、社区和单位取代现有的',
        en: 'put the persons, robots, communities and units of a JSON file in the place of those that are known',
      }),
    ),
  ).action(importDirectory);
  withCommon(
    directory
      .command('show')
      .description(inWords({ 'zh-CN': '现有的人员、机器人、社区和单位', en: 'the persons, robots, communities and units that are known' })),
  ).action(showDirectory);

  const notices = program.command('notices').description(inWords({ 'zh-CN': '通知的送达情况', en: 'how far notices have come' }));
  withCommon(notices.command('list', { isDefault: true }).description(inWords({ 'zh-CN': '各条通知及其状态', en: 'notices and their states' })))
    .option(
      '--state <state>',
      inWords({ 'zh-CN': '状态：waiting、claimed、sent、refused 或 hanging', en: 'waiting, claimed, sent, refused or hanging' }),
    )
    .option('--entity <id>', inWords({ 'zh-CN': '只看关于某一事项的', en: 'about one entity only' }))
    .option(
      '--need <needId>',
      inWords({
        'zh-CN': '某一需求：各期限的每一步，告知了谁、何时、是否已读',
        en: 'of a need: the steps of its deadlines, and who was told of each, when, and whether they read it',
      }),
    )
    .option('--type <event>', inWords({ 'zh-CN': '只看关于该事件的', en: 'told of this event only' }))
    .option('--channel <way>', inWords({ 'zh-CN': '方式：inbox、email、sms、wecom 或 dingtalk', en: 'inbox, email, sms, wecom or dingtalk' }))
    .option('--limit <count>', inWords(AT_MOST))
    .option('--cursor <cursor>', inWords(GO_ON))
    .action(listNotices);
  withCommon(
    notices
      .command('retry <noticeId>')
      .description(inWords({ 'zh-CN': '重新发送悬而未决或被拒的通知', en: 'send a notice once more that hangs or was refused' })),
  ).action(retryNotice);
};

const importDirectory = async (path: string, options: Common): Promise<void> => {
  const document = await readDirectoryFile(path);
  await askApi('PUT', '/v1/directory', options, document).catch((error: unknown) => {
    if (options.json !== true && error instanceof ProblemError && error.status === 422) throw new CliError(mistakesIn(path, error.problem));
    throw error;
  });
  const { persons, robots, communities, units } = document;
  const places = { ...(communities && { communities: communities.length }), ...(units && { units: units.length }) };
  if (options.json === true) printJsonLine({ persons: persons.length, robots: robots.length, ...places });
  else print(`${options.lang === 'zh-CN' ? '已导入：' : 'imported: '}${countLine(document, options.lang)}`);
};

const showDirectory = async (options: Common): Promise<void> => {
  const document = await answerOf<DirectoryDocument>('GET', '/v1/directory', options);
  if (options.json === true) printJsonLine(document);
  else print(directoryLines(document, options.lang).join('\n'));
};

const listNotices = async (options: ListOptions): Promise<void> => {
  const { state, need, entity = need, type, channel, limit, cursor } = options;
  const asked = { state, type, channel, limit, cursor };
  if (need !== undefined && Object.values(asked).every((value) => value === undefined)) return showLadder(need, options);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...asked, entity })) if (value !== undefined) query.set(name, value);
  const page = await answerOf<NoticePage>('GET', `/v1/notices?${query.toString()}`, options);
  if (options.json === true) printJsonLine(page);
  else print(noticeLines(page, options.lang).join('\n'));
};

const showLadder = async (needId: string, options: ListOptions): Promise<void> => {
  const ladder = await answerOf<Ladder>('GET', `/v1/needs/${encodeURIComponent(needId)}/ladder`, options);
  if (options.json === true) printJsonLine(ladder);
  else print(ladderLines(ladder, options.lang).join('\n'));
};

const retryNotice = async (noticeId: string, options: Common): Promise<void> => {
  const row = await answerOf<NoticeRow>('POST', `/v1/notices/${encodeURIComponent(noticeId)}/retry`, options, {});
  if (options.json === true) printJsonLine(row);
  else print(`${noticeId}: ${stateWord(row.state, options.lang)}`);
};
