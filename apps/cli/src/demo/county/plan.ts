/*
 * A county's year made of one seed: what is asked for, where, by whom it is done, and what goes wrong. Kinds are those that the report of 2024 names.
 */

export interface PlannedNeed {
  /** Day of the year, from 0, and its hour. */
  readonly day: number;
  readonly hour: number;
  readonly title: string;
  readonly kind: 'tangible' | 'service';
  readonly category: string;
  readonly item: { readonly name: string; readonly quantity: number; readonly unit: string };
  readonly community: string;
  readonly unit: string;
  readonly amountFen: number;
  readonly fate: Fate;
}
/** What happens to a need beside the plain way. */
export type Fate = 'plain' | 'late-claim' | 'late-works' | 'returned' | 'unsatisfied' | 'whistled';

export interface CountyPlan {
  readonly communities: readonly string[];
  readonly units: readonly string[];
  readonly needs: readonly PlannedNeed[];
  /** Who is paired with whom for the year (双包联). */
  readonly pairs: readonly { readonly unit: string; readonly community: string }[];
}

/** As many as Jishan had in 2024. One of them is Ruiyuan's roof, which is a story of its own. */
export const NEEDS = 435;
/** Days from the first need of so many to the last, and how long before it those begin that will be late: the story does not wait for them. */
const [LAST_DAY, LAST_LATE_DAY] = [240, 190];
/** A smaller county has fewer units for its needs, and at least so many. */
const [NEEDS_PER_UNIT, UNITS_MIN] = [14, 4];
export const COMMUNITIES = ['民悦', '涧东', '稷王', '原家庄', '新苑', '城南', '汾河', '东街', '西街', '康宁'].map((name) => `${name}社区`);
export const UNITS = [
  ...['政府办', '党校', '人大办', '政协办', '纪委监委', '组织部', '宣传部', '统战部', '政法委', '编办'],
  ...['发改局', '教育局', '工信局', '公安局', '民政局', '司法局', '财政局', '人社局', '自然资源局', '住建局'],
  ...['交通局', '水利局', '农业农村局', '商务局', '文旅局', '卫健局', '应急局', '审计局', '市场监管局', '招商引资促进中心'],
].map((name) => `稷山县${name}`);
type Sort = readonly [title: string, kind: PlannedNeed['kind'], category: string, name: string, unit: string, max: number];
const SORTS: readonly Sort[] = [
  ['楼梯扶手刷漆', 'tangible', '楼道', '扶手', '米', 80],
  ['小巷墙面粉刷', 'tangible', '环境', '墙面', '平方米', 200],
  ['更新公示栏', 'tangible', '设施', '公示栏', '块', 6],
  ['制作小区标牌和门牌', 'tangible', '设施', '门牌', '块', 120],
  ['增设车棚', 'tangible', '停车', '车棚', '米', 40],
  ['安装快递架', 'tangible', '设施', '快递架', '个', 8],
  ['更换井盖', 'tangible', '道路', '井盖', '个', 10],
  ['维修路灯', 'tangible', '照明', '路灯', '盏', 20],
  ['路面铺装', 'tangible', '道路', '路面', '平方米', 300],
  ['绿化补植与浇水', 'tangible', '绿化', '绿地', '平方米', 400],
  ['补充垃圾桶', 'tangible', '环境', '垃圾桶', '个', 15],
  ['健康知识讲座', 'service', '服务', '讲座', '场', 3],
  ['楼院大扫除', 'service', '服务', '清扫', '次', 4],
];
/** Of the needs that a unit takes on, those of the community that it is paired with. */
const PAIRED = 0.5;
/** In a hundred; the rest goes the plain way. */
const FATES: readonly (readonly [Fate, number])[] = [
  ['late-claim', 3],
  ['late-works', 4],
  ['returned', 4],
  ['unsatisfied', 4],
  ['whistled', 10],
];

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
const numbersOf = (seed: number) => {
  let a = seed;
  return (): number => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export const countyPlan = (seed: number, count = NEEDS): CountyPlan => {
  const next = numbersOf(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const fate = (day: number): Fate => {
    let rest = next() * 100;
    for (const [name, share] of FATES) {
      rest -= share;
      if (rest < 0) return day > LAST_LATE_DAY && name.startsWith('late') ? 'plain' : name;
    }
    return 'plain';
  };
  const units = UNITS.slice(0, Math.max(UNITS_MIN, Math.ceil(count / NEEDS_PER_UNIT)));
  const communities = COMMUNITIES.slice(0, units.length);
  const pairs = units.map((unit, i) => ({ unit, community: communities[i % communities.length] as string }));
  const needs = Array.from({ length: count - 1 }, (_, i): PlannedNeed => {
    const day = Math.floor((i / NEEDS) * LAST_DAY);
    const [title, kind, category, name, unit, max] = pick(SORTS);
    const pair = pick(pairs);
    return {
      ...{ day, hour: 8 + Math.floor(next() * 4), title, kind, category },
      item: { name, unit, quantity: 1 + Math.floor(next() * max) },
      ...{
        unit: pair.unit,
        community: next() < PAIRED ? pair.community : pick(communities),
        amountFen: (5 + Math.floor(next() * 296)) * 10_000,
        fate: fate(day),
      },
    };
  });
  return { communities, units, needs, pairs };
};
