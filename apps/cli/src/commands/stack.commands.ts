import type { Command } from 'commander';
import { down, ensureAuth, logFileOf, mintToken, statusOf, terminalLog, up, type StackStatus } from '@qiyue/stack';
import { bringLocalDirectory } from '../demo/local-places';
import type { Language, Texts } from '@qiyue/civic-domain';
import { ROLES } from '@qiyue/platform';
import { inWords, language } from '../show/language';
import { named, systemLines } from '../show/system-lines';
import { lookAtSystem, silentServers } from './system-look';
import { CliError, PROCESSES, dataDir, print, printJsonLine, say } from '../context';
import { AS_JSON, STATUS_AS_JSON } from '../show/options';

interface TokenOptions {
  readonly actor: string;
  readonly role: string;
  readonly unit?: string;
  readonly scope?: string;
  readonly expiresIn?: number;
  readonly json?: boolean;
}

export const addStackCommands = (program: Command): void => {
  program
    .command('up')
    .description(
      inWords({ 'zh-CN': '启动 Temporal、Kafka、MongoDB 和契约的全部进程', en: 'start Temporal, Kafka, MongoDB and every process of Qiyue' }),
    )
    .option('--detach', inWords({ 'zh-CN': '留在后台运行', en: 'leave it running in the background' }))
    .option('--json', inWords(STATUS_AS_JSON))
    .action(async ({ detach = false, json = false }: { detach?: boolean; json?: boolean }) => {
      const show = (status: StackStatus): void => (json ? printJsonLine(status) : print(describe(status, language())));
      const begin = async (status: StackStatus): Promise<void> => {
        await bringLocalDirectory(status);
        show(status);
      };
      const { status, already } = await up({
        dataDir: dataDir(),
        processes: PROCESSES,
        log: terminalLog(process.stderr, language()),
        detach,
        onUp: (status) => void begin(status).catch(complain),
      });
      if (detach || already) await begin(status);
    });

  program
    .command('down')
    .description(inWords({ 'zh-CN': '停止 `up` 启动的一切', en: 'stop everything that `up` has started' }))
    .option('--json', inWords(STATUS_AS_JSON))
    .action(async ({ json = false }: { json?: boolean }) => {
      const { wasRunning } = await down({ dataDir: dataDir(), log: terminalLog(process.stderr, language()) });
      if (json) printJsonLine(statusOf(dataDir()));
      else say(inWords(wasRunning ? { 'zh-CN': '已停止', en: 'stopped' } : { 'zh-CN': '没有在运行', en: 'nothing was running' }));
    });

  program
    .command('status')
    .description(
      inWords({
        'zh-CN': '什么在运行、在哪里；什么滞后或故障，以及可用的命令',
        en: 'what runs, and where; what is behind or broken, with the command that helps',
      }),
    )
    .option('--json', inWords(AS_JSON))
    .action(async ({ json = false }: { json?: boolean }) => {
      const status = statusOf(dataDir());
      const [look, silent] = await Promise.all([lookAtSystem(status), silentServers(status)]);
      if (json)
        return printJsonLine({
          ...status,
          silent,
          troubles: look?.troubles ?? null,
          system: look?.snapshot ?? null,
          deadlines: look?.deadlines ?? null,
        });
      print(
        [describe(status, language()), ...silentLines(silent, dataDir(), language()), ...(look === null ? [] : systemLines(look, language()))].join(
          '\n',
        ),
      );
    });

  program
    .command('token')
    .description(inWords({ 'zh-CN': '本机系统的访问令牌', en: 'a bearer token for the local stack' }))
    .requiredOption('--actor <id>', inWords({ 'zh-CN': '谁（sub）：不透明的标识', en: 'who (sub): an opaque id' }))
    .requiredOption('--role <role>', inWords({ 'zh-CN': `角色之一：${ROLES.join('、')}`, en: ROLES.join(', ') }))
    .option('--unit <name>', inWords({ 'zh-CN': '操作者所代表的部门或社区', en: 'department or community that the actor speaks for' }))
    .option(
      '--scope <list>',
      inWords({
        'zh-CN': '只限这些范围：read、personal、commands、events、audit；operate、approve、audit 之一；以空格分隔',
        en: 'limited to these: read, personal, commands, events, audit; one of operate, approve, audit; spaces between',
      }),
    )
    .option('--expires-in <seconds>', inWords({ 'zh-CN': '有效多少秒', en: 'how long it is good' }), Number)
    .option('--json', inWords(AS_JSON))
    .action(async ({ actor, role, unit, scope, expiresIn, json }: TokenOptions) => {
      if (expiresIn !== undefined && !Number.isSafeInteger(expiresIn))
        throw new CliError(inWords({ 'zh-CN': '--expires-in 须为整数秒', en: '--expires-in takes whole seconds' }));
      if (!ROLES.some((known) => known === role)) throw new CliError(inWords(noSuchRole(role)));
      await ensureAuth(dataDir());
      const token = await mintToken({
        actor,
        role,
        ...(unit === undefined ? {} : { unit }),
        ...(scope === undefined ? {} : { scope }),
        ...(expiresIn === undefined ? {} : { expiresInS: expiresIn }),
      });
      if (json) printJsonLine({ token });
      else print(token);
    });
};

const noSuchRole = (role: string): Texts => ({
  'zh-CN': `没有角色 ${role}：有 ${ROLES.join('、')}`,
  en: `there is no role ${role}: there are ${ROLES.join(', ')}`,
});
const notBrought = (why: string): Texts => ({ 'zh-CN': `本地通讯录未能导入：${why}`, en: `the local directory was not brought: ${why}` });
const complain = (error: unknown): void => say(inWords(notBrought(error instanceof Error ? error.message : String(error))));

/** One line for each server that does not answer, with where its log is in this data folder. */
export const silentLines = (servers: readonly string[], folder: string, of: Language): readonly string[] =>
  servers.map((name) =>
    of === 'zh-CN'
      ? `故障 ${name} 没有应答：日志在 ${logFileOf(folder, name)}`
      : `TROUBLE ${name} does not answer: its log, ${logFileOf(folder, name)}`,
  );

const STATES: Readonly<Record<StackStatus['state'], string>> = { up: '运行中', starting: '启动中', down: '未启动' };
const RUNNING: Readonly<Record<StackStatus['processes'][number]['state'], string>> = {
  starting: '启动中',
  running: '运行中',
  restarting: '正在重新启动',
  stopped: '已停止',
};

export const describe = (status: StackStatus, of: Language): string => {
  const zh = of === 'zh-CN';
  const lines = [named(zh ? '状态' : 'state', zh ? STATES[status.state] : status.state)];
  if (status.error !== null && status.state === 'down') lines.push(named(zh ? '上次启动' : 'last start', status.error));
  const places: readonly (readonly [string, string | null])[] = [
    [zh ? '接口' : 'API', status.api],
    [zh ? '接口文档' : 'API docs', status.api && `${status.api}/docs`],
    ['Temporal', status.temporal],
    ['Temporal UI', status.temporalUi],
    ['Kafka', status.kafka],
    ['MongoDB', status.mongodb],
  ];
  for (const [name, address] of places) if (address !== null) lines.push(named(name, address));
  for (const { name, pid, state } of status.processes)
    lines.push(named(name, `${zh ? RUNNING[state] : state}${pid === null ? '' : zh ? `（pid ${pid}）` : ` (pid ${pid})`}`));
  return lines.join('\n');
};
