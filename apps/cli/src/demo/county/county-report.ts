import type { Language } from '../../context';
import { yuan } from '../../show/words';
import type { PlayedYear } from './play-county';
import { sumOf, type UnitRow, type YearsEnd } from './years-end';

export interface CountyReport {
  readonly wallMs: number;
  readonly needs: number;
  readonly evaluated: number;
  /** Of those that were to be late: whose deadline was missed by their history. */
  readonly late: number;
  readonly pledges: { readonly tangible: number; readonly service: number; readonly fulfilled: number };
  readonly budgets: Readonly<Record<'grantedFen' | 'reservedFen' | 'committedFen' | 'availableFen', number>>;
  readonly decisions: readonly { readonly decisionId: string; readonly outcome: string; readonly tally: object }[];
  readonly moneyOk: boolean;
}

const all = (counts: Readonly<Record<string, number>>): number => sumOf(Object.values(counts), (count) => count);

export const countyReport = (played: PlayedYear, wallMs: number): CountyReport => {
  const { end, late, roof } = played;
  const money = (of: (money: NonNullable<UnitRow['money']>) => number | null): number =>
    sumOf(end.units, (row) => (row.money === null ? 0 : (of(row.money) ?? 0)));
  return {
    wallMs: Math.round(wallMs),
    needs: sumOf(end.lists, ({ needs }) => needs.length),
    evaluated: sumOf(end.communities, ({ needs }) => needs.evaluated),
    late,
    pledges: {
      tangible: sumOf(end.units, ({ tangible }) => all(tangible)),
      service: sumOf(end.units, ({ service }) => all(service)),
      fulfilled: sumOf(end.units, ({ tangible, service }) => tangible.fulfilled + service.fulfilled),
    },
    budgets: {
      grantedFen: money(({ grantedFen }) => grantedFen),
      reservedFen: money(({ reservedFen }) => reservedFen),
      committedFen: money(({ committedFen }) => committedFen),
      availableFen: money(({ availableFen }) => availableFen),
    },
    decisions: [{ decisionId: roof.decisionId, outcome: roof.outcome, tally: roof.tally }],
    moneyOk: isMoneyRight(played),
  };
};

/**
 * Each unit's year adds up and has nothing left reserved; the units have spent what their works cost by the story;
 * and the communities' side of the books says the same, with what the owners' fund paid for the roof.
 */
const isMoneyRight = ({ end, paidFen, roof }: Pick<PlayedYear, 'end' | 'paidFen' | 'roof'>): boolean =>
  end.units.every(({ money }) => money === null || addsUp(money)) &&
  sumOf(end.units, ({ money }) => money?.committedFen ?? 0) === paidFen &&
  sumOf(end.communities, ({ spentFen }) => spentFen) === paidFen + roof.fundFen &&
  sumOf(
    end.lists.flatMap(({ needs }) => needs),
    ({ amountFen }) => amountFen,
  ) ===
    paidFen + roof.fundFen;

const addsUp = ({ grantedFen, reservedFen, committedFen, availableFen }: NonNullable<UnitRow['money']>): boolean =>
  reservedFen === 0 && (grantedFen === null || (availableFen === grantedFen - committedFen && availableFen >= 0));

const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)}%`;

/** The year as people would read it. */
export const countyLines = (played: PlayedYear, report: CountyReport, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  const { end, roof } = played;
  return [
    ...listLines(end, zh),
    ...rateLines(played, report, zh),
    zh ? '■ 单位记分板' : '■ Scoreboard of units',
    ...end.units.map((row) => unitLine(row, zh)),
    zh ? '■ 瑞苑小区屋面：业主共同决定' : '■ The roof of Ruiyuan: the owners’ decision',
    roofLine(roof, zh),
    moneyLine(report, roof.fundFen, zh),
    zh ? `共 ${(report.wallMs / 1000).toFixed(0)} 秒` : `${(report.wallMs / 1000).toFixed(0)} s in all`,
  ];
};

const listLines = ({ lists }: YearsEnd, zh: boolean): readonly string[] => {
  const line = (name: string, [needs, resources, projects]: readonly [number, number, number], finished: number): string =>
    zh
      ? `  ${name}  需求 ${needs}，资源 ${resources}，项目 ${projects}（完成 ${finished}）`
      : `  ${name}  ${needs} needs, ${resources} resources, ${projects} projects (${finished} finished)`;
  const finishedOf = (list: YearsEnd['lists'][number]): number => list.projects.filter(({ state }) => state === 'finished').length;
  const total = [sumOf(lists, (l) => l.needs.length), sumOf(lists, (l) => l.resources.length), sumOf(lists, (l) => l.projects.length)] as const;
  return [
    zh ? '■ 三张清单' : '■ The three lists',
    ...lists.map((list) => line(list.community, [list.needs.length, list.resources.length, list.projects.length], finishedOf(list))),
    line(zh ? '全县' : 'the county', total, sumOf(lists, finishedOf)),
  ];
};

/** Response: claimed of those on the list; resolution: done of those on the list; satisfaction: satisfied of those evaluated. */
const rateLines = ({ end, returned, reopened }: PlayedYear, { needs, evaluated, late }: CountyReport, zh: boolean): readonly string[] => {
  const of = (count: (row: YearsEnd['communities'][number]['needs']) => number): number => sumOf(end.communities, (row) => count(row.needs));
  const rates = [
    percent(
      of((row) => row.claimed),
      needs,
    ),
    percent(
      of((row) => row.done),
      needs,
    ),
    percent(
      of((row) => row.satisfied),
      evaluated,
    ),
  ];
  return zh
    ? [`■ 三率：响应率 ${rates[0]}，解决率 ${rates[1]}，满意率 ${rates[2]}`, `  退单 ${returned} 件，重新办理 ${reopened} 件，按计划逾期 ${late} 件`]
    : [
        `■ Three rates: response ${rates[0]}, resolution ${rates[1]}, satisfaction ${rates[2]}`,
        `  ${returned} returned, ${reopened} done again, ${late} late as planned`,
      ];
};

const unitLine = ({ unit, tangible, service, needs, whistles, contracts, money }: UnitRow, zh: boolean): string => {
  const promises = [tangible.fulfilled, all(tangible), service.fulfilled, all(service)];
  const spent = yuan(money?.committedFen ?? 0);
  return zh
    ? `  ${unit}  实事 ${promises[0]}/${promises[1]}，好事 ${promises[2]}/${promises[3]}；认领 ${needs.claimed}，办结 ${needs.done}，按时 ${needs.inTime}，满意 ${needs.satisfied}；吹哨应答 ${whistles.answered}/${whistles.called}；契约条目 ${contracts.itemsDone}/${contracts.items}；支出 ¥${spent}`
    : `  ${unit}  实事 ${promises[0]}/${promises[1]}, 好事 ${promises[2]}/${promises[3]}; ${needs.claimed} claimed, ${needs.done} done, ${needs.inTime} in time, ${needs.satisfied} satisfied; whistles ${whistles.answered}/${whistles.called}; items ${contracts.itemsDone}/${contracts.items}; CNY ${spent}`;
};

const roofLine = ({ tally, objected, mediationRounds }: PlayedYear['roof'], zh: boolean): string => {
  const { partHeads, totalHeads, agreeHeads, outcome } = tally;
  return zh
    ? `  ${objected} 户反对，调解 ${mediationRounds} 轮；应参与 ${totalHeads} 户，参与 ${partHeads} 户，同意 ${agreeHeads} 户：${outcome === 'passed' ? '通过' : outcome}`
    : `  ${objected} objected, ${mediationRounds} rounds of mediation; ${partHeads} of ${totalHeads} took part, ${agreeHeads} agreed: ${outcome}`;
};

const moneyLine = ({ budgets, moneyOk }: CountyReport, fundFen: number, zh: boolean): string => {
  const { grantedFen, committedFen, availableFen } = budgets;
  return zh
    ? `■ 资金：预算 ¥${yuan(grantedFen)}，支出 ¥${yuan(committedFen)}，可用 ¥${yuan(availableFen)}；维修资金 ¥${yuan(fundFen)}；${moneyOk ? '账目相符' : '账目不符'}`
    : `■ Money: granted CNY ${yuan(grantedFen)}, spent ${yuan(committedFen)}, available ${yuan(availableFen)}; owners’ fund ${yuan(fundFen)}: ${moneyOk ? 'it adds up' : 'it does not add up'}`;
};
