import { InvalidArgumentError, type Command } from 'commander';
import { down, statusOf, terminalLog, up } from '@qiyue/stack';
import { PROCESSES, dataDir, print, printJsonLine, say, type Language } from '../context';
import { countyLines, countyReport } from '../demo/county/county-report';
import { NEEDS } from '../demo/county/plan';
import { playCounty } from '../demo/county/play-county';
import { endedWhole } from '../demo/ended-whole';
import { BEGINS, rehearse } from '../demo/rehearsal';
import { bringLocalDirectory } from '../demo/local-places';
import { jsonReport, storyLines } from '../demo/report';
import { todoLines } from '../demo/every-day';
import { runDemo, type ToldDemo } from '../demo/run-demo';
import { scoreboardLines } from '../demo/scoreboard';
import { playSlip } from '../demo/slip';
import { slipClosing, slipLines, slipReport } from '../demo/slip-report';
import { inWords, language, languageFrom } from '../show/language';

interface DemoOptions {
  readonly slip?: boolean;
  readonly county?: boolean;
  readonly needs?: number;
  readonly json?: boolean;
  readonly lang: Language;
}

export const addDemoCommand = (program: Command): void => {
  program
    .command('demo')
    .description(
      inWords({
        'zh-CN': '用 2024 年的真实案例走一遍主要流程；缺什么启动什么，结束后不留下自己启动的',
        en: 'run the main job on the real cases of 2024; starts what is missing and leaves nothing of its own running',
      }),
    )
    .option(
      '--slip',
      inWords({
        'zh-CN': '改为：一件认领和办理都逾期的需求，在时间加快的单独系统上',
        en: 'instead: one need whose claim and works are both late, on a system of its own whose time runs fast',
      }),
    )
    .option(
      '--county',
      inWords({
        'zh-CN': '改为：几分钟内走完一个县的一年，在时间加快的单独系统上',
        en: 'instead: a year of a county in some minutes, on a system of its own whose time runs fast',
      }),
    )
    .option(
      '--needs <count>',
      inWords({ 'zh-CN': `与 --county 同用：需求件数，不填为 ${NEEDS}`, en: `with --county: so many needs instead of ${NEEDS}` }),
      countOf,
    )
    .option('--lang <language>', inWords({ 'zh-CN': 'zh-CN 或 en', en: 'zh-CN or en' }), languageFrom, language())
    .option('--json', inWords({ 'zh-CN': '以一个 JSON 对象结束', en: 'end with one JSON object' }))
    .action((options: DemoOptions) => (options.county === true ? county(options) : options.slip === true ? slip(options) : demo(options)));
};

const countOf = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > NEEDS)
    throw new InvalidArgumentError(inWords({ 'zh-CN': `须为 1 至 ${NEEDS} 的整数。`, en: `a number from 1 to ${NEEDS}` }));
  return count;
};

/** More than three days in a second: the ladders of claim and works take less than half a minute. */
const SLIP_FACTOR = 288_000;

const slip = async ({ json = false, lang }: DemoOptions): Promise<void> => {
  const startedMs = performance.now();
  const slipped = await rehearse(SLIP_FACTOR, (rehearsal) => {
    say(
      lang === 'zh-CN'
        ? '一件需求：认领和办理都逾期（一秒约为三天）……'
        : 'one need is late with its claim and with its works (a second is three days) …',
    );
    return playSlip(rehearsal, lang);
  });
  const report = slipReport(slipped, performance.now() - startedMs);
  if (json) return printJsonLine(report);
  for (const line of slipLines(slipped, lang)) print(line);
  print(slipClosing(report, lang));
};

/** A day in less than two seconds: its ten months take eight minutes, in which two cores keep up. */
const COUNTY_FACTOR = 50_000;

const county = async ({ json = false, lang, needs = NEEDS }: DemoOptions): Promise<void> => {
  const startedMs = performance.now();
  const played = await rehearse(COUNTY_FACTOR, (rehearsal) =>
    playCounty(rehearsal, { year: Number(BEGINS.slice(0, 4)), needs, language: lang, say }),
  );
  const report = countyReport(played, performance.now() - startedMs);
  if (json) return printJsonLine(report);
  for (const line of countyLines(played, report, lang)) print(line);
};

const demo = async ({ json = false, lang }: DemoOptions): Promise<void> => {
  const startedMs = performance.now();
  const log = terminalLog(process.stderr, lang);
  const wasUp = statusOf(dataDir()).state === 'up';
  const work = async () => {
    if (!wasUp) await up({ dataDir: dataDir(), processes: PROCESSES, detach: true, log });
    await bringLocalDirectory(statusOf(dataDir()));
    say(lang === 'zh-CN' ? '七件需求同时办理中……' : 'seven needs are under way …');
    const end = await runDemo(lang);
    if (!json) for (const line of storiesOf(end, lang)) print(line);
    if (!json) print(whereToLook(lang, wasUp));
    return end;
  };
  const end = wasUp ? await work() : await endedWhole(() => down({ dataDir: dataDir(), log }), work);
  const report = jsonReport(end, performance.now() - startedMs);
  if (json) printJsonLine(report);
  else {
    await lateNeed(lang);
    print(closing(report as { wallMs: number; refused: number; reopened: number }, end.told.length, lang));
  }
};

const storiesOf = ({ told, scores, satisfaction }: ToldDemo, language: Language): readonly string[] => [
  ...told.flatMap((need) => storyLines(need, language)),
  ...told.flatMap(({ end: { todo } }) => (todo === undefined ? [] : todoLines(todo, language))),
  ...scoreboardLines(scores, language),
  ...satisfaction,
  '',
];

/** Nothing is late in real time within half a minute: one need is, on a system of its own whose time runs fast. */
const lateNeed = async (language: Language): Promise<void> => {
  say(language === 'zh-CN' ? '一件逾期的需求，时间加快……' : 'one need that is late, its time runs fast …');
  const slipped = await rehearse(SLIP_FACTOR, (rehearsal) => playSlip(rehearsal, language));
  for (const line of slipLines(slipped, language)) print(line);
};

const whereToLook = (language: Language, stays: boolean): string => {
  const { api, temporalUi } = statusOf(dataDir());
  const zh = language === 'zh-CN';
  const places = [`  API      ${api ?? ''}/docs`, `  Temporal ${temporalUi ?? '–'}`];
  const head = stays
    ? zh
      ? '到这里看：'
      : 'Where to look:'
    : zh
      ? '系统即将停止；用 npm start 再启动，数据仍在，到这里看：'
      : 'The system stops now; `npm start` brings it back with these needs in it. Where to look then:';
  return [head, ...places].join('\n');
};

const closing = (
  { wallMs, refused, reopened }: { readonly wallMs: number; readonly refused: number; readonly reopened: number },
  needs: number,
  language: Language,
): string =>
  language === 'zh-CN'
    ? `${needs} 件需求，${refused} 次被拒，${reopened} 次重新办理，共 ${(wallMs / 1000).toFixed(1)} 秒`
    : `${needs} needs, ${refused} refusals, ${reopened} reopened, ${(wallMs / 1000).toFixed(1)} s in all`;
