import { Option, type Command } from 'commander';
import { activateRules, adoptRules, countBehind, openGateway, rulesState, type Activation, type RulesState } from '@qiyue/edge';
import { createLogger } from '@qiyue/platform';
import { namesOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { journaled, withJournal, withStore } from '../audit/audit-dependencies';
import { withTemporal } from '../audit/with-temporal';
import type { Texts } from '@qiyue/civic-domain';
import { CliError, print, printJsonLine } from '../context';
import { progressLine } from '../show/progress-line';
import { named } from '../show/system-lines';
import { AS_JSON } from '../show/options';
import { inWords } from '../show/language';

interface Json {
  readonly json?: boolean;
  readonly aggregate: string;
}
const KINDS = namesOf(AGGREGATES);
/** Each kind of entity has a version of its own. */
const kindOption = (): Option =>
  new Option('--aggregate <name>', inWords({ 'zh-CN': '哪一类事项', en: 'of which kind of entity' })).choices(KINDS).default(KINDS[0]);

export const addRulesCommands = (program: Command): void => {
  const rules = program.command('rules').description(inWords({ 'zh-CN': '作出决定所依据的规则版本', en: 'the version of the rules that decides' }));
  rules
    .command('status')
    .description(inWords({ 'zh-CN': '哪一版本生效，各进程都认识的是哪一版本', en: 'which version is active, and which one every process knows' }))
    .addOption(kindOption())
    .option('--json', inWords(AS_JSON))
    .action(async ({ aggregate, json = false }: Json) => {
      const state = await withStore(({ db }) => rulesState(db, aggregate));
      if (json) printJsonLine(state);
      else print(describe(state));
    });
  rules
    .command('activate')
    .description(
      inWords({
        'zh-CN': '自即刻起启用某一版本；各进程都认识之前予以拒绝，启用后不可撤回',
        en: 'let a version decide from now on; refused until every process knows it, and never undone',
      }),
    )
    .argument('<version>', inWords({ 'zh-CN': '整数', en: 'a whole number' }), Number)
    .addOption(kindOption())
    .option('--json', inWords(AS_JSON))
    .action(activate);
  rules
    .command('adopt')
    .description(
      inWords({
        'zh-CN': '将未结事项移到生效版本，使旧版本不再需要；可重复运行，接着进行',
        en: 'move open entities onto the active version, so that nothing needs an older one any more; run again it goes on',
      }),
    )
    .option('--dry-run', inWords({ 'zh-CN': '只计数', en: 'only count them' }))
    .addOption(kindOption())
    .option('--json', inWords(AS_JSON))
    .action(adopt);
};

export const describe = ({ active, known, processes }: RulesState): string =>
  [
    named(inWords({ 'zh-CN': '生效版本', en: 'active' }), String(active)),
    named(inWords({ 'zh-CN': '各进程都认识', en: 'known to all' }), String(known ?? inWords({ 'zh-CN': '没有进程在运行', en: 'no process lives' }))),
    ...processes.map(({ name, knows }) => named(name, inWords({ 'zh-CN': `认识到 ${knows}`, en: `knows up to ${knows}` }))),
  ].join('\n');

const WHY: Readonly<Record<Extract<Activation, { ok: false }>['why'], Texts>> = {
  'no-worker': { 'zh-CN': '没有 worker 在运行：先启动一个认识该版本的', en: 'no worker lives: start one that knows it first' },
  'not-known-to-all': { 'zh-CN': '尚有进程不认识该版本：先完成部署', en: 'not every process knows it yet: finish the deployment first' },
  'not-higher': { 'zh-CN': '该版本或更高版本已经生效', en: 'this version or a higher one is active already' },
};

const activate = async (version: number, { aggregate, json = false }: Json): Promise<void> => {
  if (!Number.isSafeInteger(version) || version < 1)
    throw new CliError(inWords({ 'zh-CN': '版本须为从 1 起的整数', en: 'a version is a whole number from 1' }));
  const activation = await withTemporal((client) =>
    withJournal(async ({ db }, journal) => {
      const before = await rulesState(db, aggregate);
      if ((before.known ?? 0) >= version && version > before.active)
        await journal.insist({ type: 'OperatorActed', data: { action: 'activate-rules', on: `${aggregate} ${version}` } });
      return activateRules(db, client, aggregate, version);
    }),
  );
  if (json) printJsonLine(activation);
  else if (activation.ok) print(inWords({ 'zh-CN': `自即刻起按版本 ${version} 决定`, en: `version ${version} decides from now on` }));
  else print(`${inWords(WHY[activation.why])}\n${describe(activation.state)}`);
  process.exitCode = activation.ok ? 0 : 1;
};

interface Adopted {
  readonly version: number;
  readonly behind: number;
  readonly moved: number;
  readonly failed: readonly unknown[];
}
export const adoptedLine = ({ version, behind, moved, failed }: Adopted): string =>
  inWords({
    'zh-CN': `版本 ${version}：未结事项中 ${behind} 件落后，已移动 ${moved} 件，${failed.length} 件没有答复`,
    en: `version ${version}: ${behind} open ones were behind, ${moved} moved, ${failed.length} gave no answer`,
  });

const adopt = async ({ aggregate, dryRun = false, json = false }: Json & { readonly dryRun?: boolean }): Promise<void> => {
  const progress = progressLine(json);
  const result = await withTemporal((client) =>
    withStore(async (store) => {
      const { active: version } = await rulesState(store.db, aggregate);
      const behind = version === 1 ? 0 : await countBehind(client, aggregate, version);
      if (dryRun || behind === 0) return { version, behind, moved: 0, failed: [] };
      const { gateway, stop } = openGateway({ aggregates: AGGREGATES, store, client, log: createLogger('cli', 'fatal'), inFlightPerEntity: 1 });
      try {
        return await journaled(store, async (journal) => {
          await journal.insist({ type: 'OperatorActed', data: { action: 'adopt-rules', on: `${aggregate} ${version}` } });
          const onProgress = (moved: number, total: number): void =>
            progress.show(inWords({ 'zh-CN': `${moved} / ${total} 件`, en: `${moved} of ${total} entities` }));
          return { version, behind, ...(await adoptRules(client, gateway, { aggregate, version, onProgress })) };
        });
      } finally {
        await stop();
      }
    }),
  );
  progress.end();
  if (json) printJsonLine(result);
  else print(adoptedLine(result));
  process.exitCode = result.failed.length === 0 ? 0 : 1;
};
