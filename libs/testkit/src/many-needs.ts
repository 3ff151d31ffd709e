import { DAY_MS, plusMs, sha256Hex } from '@qiyue/engine';
import type { ModelDocument } from '@qiyue/engine-runtime';
import { needsModel } from '@qiyue/need';
import type { NeedView } from '@qiyue/need-views';
import { MongoClient } from 'mongodb';

const FIRST_DAY = '2021-01-01T08:00:00.000+08:00';
const BATCH = 5_000;

const UNITS = ['住建局', '水利局', '城管局', '民政局', '交通局', '教育局', '卫健局', '公安局', '供电公司', '燃气公司'];
const CATEGORIES = ['路灯照明', '道路维修', '加装扶手', '管道疏通', '消防安全', '健康讲座', '绿化养护', '停车管理'];
const THINGS = ['灯', '坡道', '扶手', '井盖', '下水道', '健身器材', '充电桩', '公告栏', '垃圾桶', '围墙', '水泵', '单元门'];
const VERBS = ['安装', '修复', '更换', '检查', '清理'];

interface Life {
  readonly stage: NeedView['stage'];
  readonly status: NeedView['status'];
  readonly share: number;
}
/** Of a thousand: a county's lists are mostly of what is over. */
const LIVES: readonly Life[] = [
  { stage: 'submitted', status: 'waiting', share: 12 },
  { stage: 'submitted', status: 'inspected', share: 8 },
  { stage: 'claimed', status: 'planned', share: 10 },
  { stage: 'claimed', status: 'reopened', share: 2 },
  { stage: 'funded', status: 'working', share: 12 },
  { stage: 'funded', status: 'at-acceptance', share: 4 },
  { stage: 'done', status: 'awaiting-evaluations', share: 4 },
  { stage: 'done', status: 'one-side-evaluated', share: 2 },
  { stage: 'evaluated', status: 'open-to-reopen', share: 26 },
  { stage: 'evaluated', status: 'closed', share: 820 },
  { stage: 'rejected', status: 'ended', share: 40 },
  { stage: 'withdrawn', status: 'ended', share: 40 },
  { stage: 'merged', status: 'ended', share: 20 },
];
const SHARES = LIVES.reduce((sum, { share }) => sum + share, 0);

/** A number that looks like chance and is the same each time. */
const hashed = (i: number, salt: number): number => {
  let x = Math.imul(i + 1, 0x9e37_79b1) ^ Math.imul(salt + 1, 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b_3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a_2d39);
  return (x ^ (x >>> 15)) >>> 0;
};
const of = <T>(all: readonly T[], i: number, salt: number): T => all[hashed(i, salt) % all.length] as T;

const lifeOf = (i: number): Life => {
  let left = hashed(i, 1) % SHARES;
  return LIVES.find(({ share }) => (left -= share) < 0) as Life;
};

/** Which of `count` needs: those that are open were submitted in the last weeks, all others over five years. */
export interface Among {
  readonly count: number;
  /** ISO 8601 with +08:00. */
  readonly now: string;
}

const OPEN = new Set(['submitted', 'claimed', 'funded', 'done']);
const DUE_FIELD = { submitted: 'claimBy', claimed: 'fundBy', funded: 'doneBy', done: 'evaluateBy' } as const;

/** One of many needs that differ in all that lists ask for; the same number gives the same need. */
export const needNumber = (i: number, { now }: Among): NeedView => {
  const { stage, status } = lifeOf(i);
  const isOpen = OPEN.has(stage);
  const createdAt = isOpen
    ? plusMs(now, -(hashed(i, 2) % (40 * DAY_MS)))
    : plusMs(FIRST_DAY, (hashed(i, 2) % 1_800) * DAY_MS + (hashed(i, 3) % DAY_MS));
  const dueAt = isOpen ? plusMs(now, (hashed(i, 4) % (30 * DAY_MS)) - 6 * DAY_MS) : null;
  const unit = stage === 'submitted' || status === 'ended' ? null : of(UNITS, i, 5);
  const verdict = { score: 4, satisfied: hashed(i, 6) % 10 > 0, comment: null, at: createdAt } as const;
  const thing = of(THINGS, i, 7);
  const isPaused = isOpen && stage !== 'submitted' && hashed(i, 8) % 12 === 0;
  return {
    ...EMPTY,
    ...{ needId: sha256Hex(`need ${i}`).slice(0, 26), stage, status, createdAt, updatedAt: createdAt, dueAt, unit },
    title: `${of(VERBS, i, 9)}${hashed(i, 10) % 30}号楼${thing}`,
    kind: hashed(i, 11) % 3 === 0 ? 'service' : 'tangible',
    category: of(CATEGORIES, i, 12),
    urgency: of(['normal', 'normal', 'normal', null, 'urgent', 'emergency'] as const, i, 13),
    items: [{ name: thing, quantity: 1, unit: '个' }],
    community: communityNumber(hashed(i, 14) % COMMUNITIES),
    plan: unit === null ? null : `两周内完成${thing}`,
    helpers: unit !== null && hashed(i, 15) % 5 === 0 ? [of(UNITS, i, 16)] : [],
    author: { id: `p-${sha256Hex(`author ${i}`).slice(0, 20)}`, role: 'resident', unit: null },
    evaluations: stage === 'evaluated' ? { resident: verdict, community: verdict } : EMPTY.evaluations,
    deadlines: dueAt === null ? EMPTY.deadlines : { ...EMPTY.deadlines, [DUE_FIELD[stage as keyof typeof DUE_FIELD]]: dueAt },
    clock: dueAt === null ? null : clockOf(stage as never, createdAt, dueAt, now, isPaused, hashed(i, 17) % 4),
    stages: isOpen
      ? missedStages(createdAt, dueAt, now)
      : status === 'ended'
        ? []
        : [{ ...STAGE, from: createdAt, dueAt: createdAt, endedAt: createdAt, late: hashed(i, 18) % 8 === 0 }],
  };
};

export const COMMUNITIES = 60;
export const communityNumber = (n: number): string => `${'幸民安和康乐兴'.charAt(n % 7)}${'福悦居泰宁'.charAt(Math.floor(n / 7) % 5)}社区${n}`;

const STAGE = { stage: 'submitted', round: 1, unit: null, escalatedTo: 0 } as const;

/** Of one that is open, the stage that runs, where it was missed. */
const missedStages = (from: string, dueAt: string | null, now: string): NeedView['stages'] =>
  dueAt !== null && dueAt < now ? [{ ...STAGE, from, dueAt, endedAt: null, late: true }] : [];

const clockOf = (stage: never, from: string, dueAt: string, now: string, isPaused: boolean, rungs: number): NeedView['clock'] => ({
  ...{ stage, from, dueAt, provisional: false, policy: 'p', calendar: 'c', extension: null },
  steps: [
    { kind: 'approaching', level: 0, name: null, at: plusMs(dueAt, -DAY_MS), firedAt: null },
    { kind: 'missed', level: 0, name: null, at: dueAt, firedAt: dueAt < now ? dueAt : null },
  ],
  paused: isPaused ? { since: from, waitingFor: null } : null,
  escalatedTo: dueAt < now ? rungs : 0,
});

const EMPTY: NeedView = {
  ...{ needId: '', seq: 1, stage: 'submitted', status: 'waiting', title: '', description: null, kind: 'tangible', category: null },
  ...{ urgency: null, items: [], community: '', compound: null, location: null, exactLocation: null, contact: null, scope: null },
  ...{ author: { id: '', role: 'resident', unit: null }, unit: null, helpers: [], joined: [], contactSharedWith: [], plan: null, promisedBy: null },
  ...{ funding: [], evidence: [], progress: [], inspection: null, evaluations: { resident: null, community: null }, round: 1, reason: null },
  ...{ mergedInto: null, adopted: [], followers: [], whistle: null, contract: { community: null, department: null }, volunteers: [] },
  deadlines: { claimBy: null, fundBy: null, returnUntil: null, doneBy: null, evaluateBy: null, closesAt: null },
  ...{
    urgencyConfirmed: null,
    photos: [],
    decision: null,
    projectId: null,
    lapsed: null,
    clock: null,
    stages: [],
    dueAt: null,
    createdAt: '',
    updatedAt: '',
    hash: '',
  },
};

/** Where they are put: the collection of the read model, by its address. */
export interface NeedPlace {
  readonly mongodb: string;
  readonly database: string;
  readonly collection: string;
}

/** Puts so many needs into the read model, whose indexes are there: the local stand-in for MongoDB builds one over many documents far slower. */
export const insertNeeds = async (place: NeedPlace, among: Among, onProgress: (done: number) => void = () => undefined): Promise<void> => {
  const client = new MongoClient(place.mongodb);
  try {
    const into = client.db(place.database).collection<ModelDocument<NeedView>>(place.collection);
    for (let from = 0; from < among.count; from += BATCH) {
      const size = Math.min(BATCH, among.count - from);
      await into.insertMany(
        Array.from({ length: size }, (_, i) => documentOf(needNumber(from + i, among))),
        { ordered: false },
      );
      onProgress(from + size);
    }
  } finally {
    await client.close();
  }
};

const documentOf = (view: NeedView): ModelDocument<NeedView> => ({
  ...{ _id: view.needId, seq: view.seq, hash: view.hash, view },
  keys: needsModel.keysOf?.(view) ?? {},
});
