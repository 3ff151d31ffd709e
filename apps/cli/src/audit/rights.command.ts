import type { Command } from 'commander';
import { forgedId, forgedIn, removeForged, sweepRights, type ForgedRow } from '@qiyue/edge';
import type { Texts } from '@qiyue/civic-domain';
import { CliError, print, printJsonLine } from '../context';
import { withJournal } from './audit-dependencies';
import { ownRights } from './own-rights';
import { AS_JSON } from '../show/options';
import { inWords } from '../show/language';

interface Options {
  readonly remove?: string;
  readonly json?: boolean;
}

export const addRightsCommand = (audit: Command): void => {
  audit
    .command('rights')
    .description(
      inWords({
        'zh-CN': '数据库中会给人权限、却不是本系统写入的行：密钥、会话、删除申请、值班、指令',
        en: 'rows of the database that would give somebody a right and were not written by us: keys, sessions, erasures, duties, orders',
      }),
    )
    .option(
      '--remove <row>',
      inWords({
        'zh-CN': '清除这样的一行，名称如此处及 `qiyue status` 所示：apiKeys:<id>',
        en: 'take such a row out, as it is named here and by `qiyue status`: apiKeys:<id>',
      }),
    )
    .option('--json', inWords(AS_JSON))
    .action(run);
};

const run = ({ remove, json = false }: Options): Promise<void> => (remove === undefined ? list(json) : takeOut(remove, json));

const list = async (json: boolean): Promise<void> => {
  const rights = await ownRights();
  const forged = (await withJournal(({ db }) => sweepRights(db, rights))).map(forgedId);
  if (json) printJsonLine({ ok: forged.length === 0, forged });
  else print(rightsLines(forged).join('\n'));
  process.exitCode = forged.length === 0 ? 0 : 1;
};

export const rightsLines = (forged: readonly string[]): readonly string[] =>
  forged.length === 0
    ? [inWords({ 'zh-CN': '数据库中的权限都是本系统写入的', en: 'every right in the database is ours' })]
    : forged.map((row) => inWords({ 'zh-CN': `${row}：不是本系统写入的，不能使用`, en: `${row}: not written by us, gives nothing` }));

const takeOut = async (text: string, json: boolean): Promise<void> => {
  const forged = forgedIn(text);
  if (forged === null) throw new CliError(inWords({ 'zh-CN': `${text} 不是给人权限的行`, en: `${text}: names no row that gives a right` }));
  const rights = await ownRights();
  const became = await withJournal(async ({ db }, journal) => {
    await journal.insist({ type: 'OperatorActed', data: { action: 'remove-forged-right', on: text } });
    return removeForged(db, rights, forged);
  });
  if (became === 'not-forged')
    throw new CliError(
      inWords({
        'zh-CN': `${text} 是本系统写入的：${ENDED_BY[forged.kind]['zh-CN']}`,
        en: `${text} was written by us: ${ENDED_BY[forged.kind].en}`,
      }),
    );
  if (json) printJsonLine({ row: text, became });
  else
    print(
      inWords(
        became === 'removed'
          ? { 'zh-CN': `${text} 已清除`, en: `${text} is taken out` }
          : { 'zh-CN': `${text} 已不存在`, en: `${text} is not there any more` },
      ),
    );
};

/** What ends a right that is one. */
const ENDED_BY: Readonly<Record<ForgedRow['kind'], Texts>> = {
  apiKeys: { 'zh-CN': '用 `npx qiyue keys revoke <id>` 吊销', en: '`npx qiyue keys revoke <id>` ends it' },
  sessions: { 'zh-CN': '由其本人或 `DELETE /v1/sessions/of/{actorId}` 结束', en: 'its person or `DELETE /v1/sessions/of/{actorId}` ends it' },
  erasures: { 'zh-CN': '按程序办理', en: 'it goes its way' },
  dutyHolders: { 'zh-CN': '90 天不用自行结束', en: 'it ends by itself after 90 days without use' },
  parkedCommands: { 'zh-CN': '用 `npx qiyue messages skip <id>` 移出队列', en: '`npx qiyue messages skip <id>` takes it out of its line' },
  messageOrders: { 'zh-CN': '其读取者下次尝试时执行', en: 'its reader obeys it with the next attempt' },
  sagaPlans: { 'zh-CN': '随其跨事项流程结束', en: 'it ends with its saga' },
};
