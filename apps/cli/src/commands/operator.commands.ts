import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { modelsOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import {
  ModelIsNewer,
  projected,
  Quarantine,
  RebuildLost,
  RebuildUnderWay,
  type KeyedComparison,
  type LedgerStore,
  type ProjectedModel,
  type RebuildProgress,
  type RebuildResult,
} from '@qiyue/engine-runtime';
import { withJournal, withStore } from '../audit/audit-dependencies';
import { CliError, ROOT, print, printJsonLine, say } from '../context';
import { progressLine } from '../show/progress-line';
import { AS_JSON, ENTITY } from '../show/options';
import { inWords } from '../show/language';
import { NOTHING_WRONG } from '../show/sentences';

/** What is only missing may still come: a document that says something else somebody has written. */
const verdictOf = ({ ok, differing, keys }: KeyedComparison): string => {
  if (ok) return inWords(NOTHING_WRONG);
  return keys.length === 0 && differing.every(({ why }) => why === 'missing')
    ? inWords({
        'zh-CN': '有些尚未到达：用 `npx qiyue status` 看滞后多少；若不滞后，用 `npx qiyue projections rebuild` 重建',
        en: 'some are not there yet: see `npx qiyue status` for how far it is behind; if it is not, `npx qiyue projections rebuild` makes it anew',
      })
    : inWords({
        'zh-CN': '用 `npx qiyue projections rebuild` 重建，并查明谁能写入 MongoDB',
        en: 'make it anew with `npx qiyue projections rebuild`, and ask who may write to MongoDB',
      });
};

const MODELS = modelsOf(AGGREGATES);

/** The one that is named, or all. */
const modelsFor = (name: string | undefined): typeof MODELS => (name === undefined ? MODELS : MODELS.filter((model) => model.name === name));
const modelArgument = (): Argument =>
  new Argument('[model]', inWords({ 'zh-CN': '读模型之一；不填：全部', en: 'one of the read models; left out: all of them' })).choices(
    MODELS.map(({ name }) => name),
  );

/** As it has always been said of a model without sums. */
const withoutKeys = ({ keys, ...compared }: KeyedComparison): object => (keys.length === 0 ? compared : { ...compared, keys });

const thatSetAside = async (store: LedgerStore, entity: string): Promise<readonly ProjectedModel[]> => {
  const aside = await Promise.all(
    MODELS.map(async (each) => {
      const model = projected(store, each);
      return (await model.quarantine.list()).some((row) => row.entity === entity) ? [model] : [];
    }),
  );
  return aside.flat();
};

/** What was found of each; of a single one, that alone. */
const asJson = (found: readonly (readonly [string, object])[]): object =>
  found.length === 1 ? (found[0]?.[1] ?? {}) : { ...found[0]?.[1], models: Object.fromEntries(found) };

export const rebuiltLines = (of: string, { entities, records, changed, collection, setAside }: RebuildResult): readonly string[] => [
  inWords({
    'zh-CN': `${of}：由 ${records} 条记录得出 ${entities} 件；${changed} 件与此前不同；现提供 ${collection}`,
    en: `${entities} ${of} from ${records} records; ${changed} differ from before; now serving ${collection}`,
  }),
  ...setAside.map(({ entity, seq, why }) => {
    const place = `${entity}${seq === null ? '' : ` seq ${seq}`}`;
    return inWords({ 'zh-CN': `已搁置：${place}：${why}`, en: `set aside: ${place}: ${why}` });
  }),
];

const DIFFERS: Readonly<Record<KeyedComparison['differing'][number]['why'], string>> = {
  missing: '缺失',
  other: '内容不同',
  nonexistent: '台账中没有',
  ahead: '超前于台账',
};

export const comparedLines = (of: string, compared: KeyedComparison): readonly string[] => [
  ...compared.differing.map(({ entity, seq, why }) =>
    inWords({ 'zh-CN': `${entity} seq ${seq}：${DIFFERS[why]}`, en: `${entity} seq ${seq}: ${why}` }),
  ),
  ...compared.keys.map(({ key, shown, expected }) => {
    const [has, gives] = [JSON.stringify(shown), JSON.stringify(expected)];
    return inWords({ 'zh-CN': `${key}：${has}，台账得出 ${gives}`, en: `${key}: ${has}, the ledger gives ${gives}` });
  }),
  inWords({
    'zh-CN': `${of}：${compared.compared} 件已与台账对照：${verdictOf(compared)}`,
    en: `${compared.compared} ${of} compared with the ledger: ${verdictOf(compared)}`,
  }),
];

const releasedLine = (entity: string, released: boolean): string =>
  inWords(
    released
      ? { 'zh-CN': `${entity} 继续`, en: `${entity} goes on` }
      : {
          'zh-CN': `${entity} 又被搁置：见 \`npx qiyue projections status\``,
          en: `${entity} was set aside again: see \`npx qiyue projections status\``,
        },
  );

export const addOperatorCommands = (program: Command): void => {
  const projections = program.command('projections').description(inWords({ 'zh-CN': '读模型', en: 'the read models' }));
  projections
    .command('rebuild')
    .description(inWords({ 'zh-CN': '由台账重建读模型，其间旧的照常服务', en: 'make read models anew from the ledger while the old ones serve' }))
    .addArgument(modelArgument())
    .option(
      '--over-newer',
      inWords({
        'zh-CN': '正在提供的由较新版本的程序生成时也重建：用于版本回退之后',
        en: 'also when a newer version of the program made what serves: after a roll-back',
      }),
    )
    .option('--json', inWords(AS_JSON))
    .action(async (name: string | undefined, { json = false, overNewer = false }: { json?: boolean; overNewer?: boolean }) => {
      const progress = progressLine(json);
      const rebuilt: (readonly [string, RebuildResult])[] = [];
      for (const model of modelsFor(name)) {
        const result = await withJournal(async (store, journal) => {
          await journal.insist({ type: 'OperatorActed', data: { action: 'rebuild-projections', on: model.name } });
          const show = ({ phase, records, total }: RebuildProgress) =>
            progress.show(
              inWords({
                'zh-CN': `${model.name}：${phase} ${records} / ${total} 条记录`,
                en: `${model.name}: ${phase} ${records} of ${total} records`,
              }),
            );
          return projected(store, model).rebuild(show, { overNewer }).catch(asSentence);
        });
        rebuilt.push([model.name, result]);
      }
      progress.end();
      if (json) return printJsonLine(asJson(rebuilt));
      for (const [of, result] of rebuilt) print(rebuiltLines(of, result).join('\n'));
    });
  projections
    .command('verify')
    .description(
      inWords({
        'zh-CN': '逐一与台账对照正在提供的文档：数据库中被改动的会指名列出',
        en: 'hold every document that is served against the ledger: one that was changed in the database is named',
      }),
    )
    .addArgument(modelArgument())
    .option('--json', inWords(AS_JSON))
    .action(async (name: string | undefined, { json = false }: { json?: boolean }) => {
      const progress = progressLine(json);
      const found: (readonly [string, KeyedComparison])[] = [];
      for (const model of modelsFor(name)) {
        const compared = await withStore((store) => projected(store, model).compare((count) => progress.show(`${count} ${model.name}`)));
        found.push([model.name, compared]);
      }
      progress.end();
      const ok = found.every(([, compared]) => compared.ok);
      if (json) printJsonLine({ ...asJson(found.map(([of, compared]) => [of, withoutKeys(compared)])), ok });
      else for (const [of, compared] of found) print(comparedLines(of, compared).join('\n'));
      process.exitCode = ok ? 0 : 1;
    });
  projections
    .command('status')
    .description(inWords({ 'zh-CN': '被读模型搁置的事项', en: 'entities that a read model has set aside' }))
    .option('--json', inWords(AS_JSON))
    .action(async ({ json = false }: { json?: boolean }) => {
      const all = await withStore(async ({ db }) => (await Promise.all(MODELS.map(({ name }) => new Quarantine(db, name).list()))).flat());
      const rows = all.filter(({ entity, why }, i) => all.findIndex((row) => row.entity === entity && row.why === why) === i); // what several models say is said once
      if (json) printJsonLine({ quarantined: rows.map(({ entity, seq, why, seenAt }) => ({ entity, seq, why, seenAt })) });
      else if (rows.length === 0) print(inWords({ 'zh-CN': '没有搁置的事项', en: 'nothing is set aside' }));
      else for (const { entity, seq, why, seenAt } of rows) print(`${entity}${seq === null ? '' : ` seq ${seq}`}: ${why} (${seenAt})`);
    });
  projections
    .command('release')
    .description(inWords({ 'zh-CN': '让被读模型搁置的事项按台账继续', en: 'let an entity that a read model has set aside go on, from the ledger' }))
    .argument('<id>', inWords(ENTITY))
    .option('--json', inWords(AS_JSON))
    .action(async (entity: string, { json = false }: { json?: boolean }) => {
      const released = await withJournal(async (store, journal) => {
        const models = await thatSetAside(store, entity);
        if (models.length === 0) throw new CliError(inWords({ 'zh-CN': `${entity} 没有被搁置`, en: `${entity} is not set aside` }));
        await journal.insist({ type: 'OperatorActed', data: { action: 'release-projection', on: entity } });
        const goesOn: boolean[] = [];
        for (const model of models) goesOn.push(await model.release(entity).catch(asSentence));
        return goesOn.every(Boolean);
      });
      if (json) printJsonLine({ entity, released });
      else print(releasedLine(entity, released));
      if (!released) process.exitCode = 1;
    });

  program
    .command('bench')
    .description(inWords({ 'zh-CN': '在单独的服务器上测量，并与界限对照', en: 'measure beside the bounds, on servers of its own' }))
    .option('--quick', inWords({ 'zh-CN': '减少轮数', en: 'fewer rounds' }))
    .option(
      '--only <names>',
      inWords({
        'zh-CN': '只测其中几项：commands、drained、visible、funding、projection、scoreboard、suggestions、ledger，以逗号分隔',
        en: 'some of commands, drained, visible, funding, projection, scoreboard, suggestions, ledger; commas between',
      }),
    )
    .option('--json', inWords(AS_JSON))
    .action(async ({ quick = false, json = false, only }: { quick?: boolean; json?: boolean; only?: string }) => {
      say(
        inWords({
          'zh-CN': '正在单独的服务器上测量；其间请勿使用本机',
          en: 'measuring on servers of its own; leave the machine alone meanwhile',
        }),
      );
      await runScript('test/bench/dist/main.js', [
        ...(quick ? ['--quick'] : []),
        ...(json ? ['--json'] : []),
        ...(only === undefined ? [] : [`--only=${only}`]),
      ]);
    });

  program
    .command('campaign')
    .description(inWords({ 'zh-CN': '长时间测试：faults、away、load、soak', en: 'long tests: faults, away, load, soak' }))
    .argument('[arguments...]')
    .allowUnknownOption()
    .helpOption(false)
    .action((args: readonly string[]) => runScript('test/campaign/dist/main.js', args));
};

/** What an operator can do something about, without a stack trace. */
const asSentence = (error: unknown): never => {
  if (error instanceof ModelIsNewer)
    throw new CliError(
      inWords({
        'zh-CN': `正在提供的由较新版本的程序生成（${error.message}）；版本回退之后：\`npx qiyue projections rebuild --over-newer\``,
        en: `${error.message}; after a roll-back: \`npx qiyue projections rebuild --over-newer\``,
      }),
    );
  if (error instanceof RebuildUnderWay)
    throw new CliError(inWords({ 'zh-CN': `自 ${error.since} 起另一次重建正在进行；请待其结束后再试`, en: error.message }));
  if (error instanceof RebuildLost) throw new CliError(inWords({ 'zh-CN': `重建被另一次接替，未生效（${error.message}）`, en: error.message }));
  throw error;
};

/** Runs a program of the repository in front, and ends as it ends. */
const runScript = async (path: string, args: readonly string[]): Promise<void> => {
  const child = spawn(process.execPath, [join(ROOT, path), ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
};
