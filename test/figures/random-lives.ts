import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT, URGENCIES } from '@qiyue/civic-domain';
import type { Actor, RecordBody } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import { NEED_RULES, needDecider, type NeedCommand } from '@qiyue/need-domain';

const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
const CORRECTED = { ...TABLES, calendar: { ...TABLES.calendar, version: 'corrected', working: TABLES.calendar.working.replaceAll('f', 'e') } };
const POLICIES = [1, 2, 4].map((times) =>
  compilePolicy({
    ...DEFAULT_POLICY_DOCUMENT,
    version: `times-${times}`,
    deadlines: DEFAULT_POLICY_DOCUMENT.deadlines.map((rule) => ({
      ...rule,
      within: 'workingDays' in rule.within ? { workingDays: rule.within.workingDays * times } : rule.within,
    })),
  }),
);
const COMMUNITIES = ['民悦社区', '涧东社区'] as const;
const UNITS = ['住建局', '水利局', '党校'] as const;
const PERSONS = ['SECRET-ann', 'SECRET-gus', 'SECRET-cora'] as const;
const [ANN, GUS, CORA] = PERSONS;
const retimer: Actor = { id: 'retime', role: 'system', unit: null };
const centre: Actor = { id: 'cen', role: 'centre', unit: '服务中心' };

/** What a life is made of: whole numbers, which are quick to generate and to shrink. */
export type Picks = readonly number[];

type Step = readonly [Actor, NeedCommand];

const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** The need of these picks: in which year it was submitted, by whom, where, and what happened to it then. */
export const lifeOf = (picks: Picks, name: number): readonly RecordBody[] => {
  const [first = 0, ...others] = picks;
  const community = at(COMMUNITIES, first);
  const monthAndDay = first % 4 === 3 ? '12-31' : `${String((first % 12) + 1).padStart(2, '0')}-08`; // what follows is often of the year after
  const entity = String(name).padStart(26, '0');
  const life = new EntityLife(needDecider, { entity, bornAt: `${2024 + (first % 2)}-${monthAndDay}T08:00:00.000+08:00`, tables: TABLES });
  life.under(NEED_RULES);
  const author: Actor = { id: first % 3 === 0 ? GUS : ANN, role: first % 3 === 0 ? 'grid' : 'resident', unit: community };
  life.does(author, submitted(community, first));
  for (const pick of others) {
    const lead = 'lead' in life.state ? life.state.lead : at(UNITS, pick);
    const steps = stepsFor(life.state.stage, { author, community, lead });
    if (pick % 5 === 4) life.waits(1 + (pick % 3));
    else if (pick % 7 === 6) life.passes((pick % 900) * 60);
    else if (pick % 41 === 0) life.isBrought(CORRECTED, retimer, { type: 'retime', data: {} });
    else if (pick % 23 === 0) life.isBrought({ ...TABLES, policy: at(POLICIES, pick) }, retimer, { type: 'retime', data: {} });
    else if (pick % 31 === 0) life.does(centre, { type: 'correct', data: { urgency: at(URGENCIES, pick), reason: 'SECRET-reason' } });
    else life.does(...at(steps, Math.floor(pick / 5)));
  }
  return life.records;
};

const submitted = (community: string, n: number): NeedCommand => ({
  type: 'submit',
  data: {
    ...{ title: `需求${n}`, community, kind: at(['tangible', 'service'] as const, n), items: [{ name: '路灯', quantity: 1 + (n % 3), unit: '盏' }] },
    ...{ description: 'SECRET-description', contact: 'SECRET-contact', compound: 'SECRET-compound' },
    ...(n % 4 === 0 ? {} : { category: at(['照明', '给排水'], n) }),
  },
});

interface People {
  readonly author: Actor;
  readonly community: string;
  readonly lead: string;
}

const stepsFor = (stage: string, { author, community, lead }: People): readonly Step[] => {
  const office: Actor = { id: CORA, role: 'community', unit: community };
  const bureau: Actor = { id: 'wes', role: 'department', unit: lead };
  const evaluate = (actor: Actor, side: 'resident' | 'community', satisfied: boolean): Step => [
    actor,
    { type: 'evaluate', data: { side, score: satisfied ? 5 : 2, satisfied, comment: 'SECRET-comment' } },
  ];
  const clock: readonly Step[] = [
    [office, { type: 'pause', data: { waitingFor: 'SECRET-owners' } }],
    [office, { type: 'resume', data: {} }],
    [bureau, { type: 'request-extension', data: { workingDays: 3, reason: 'SECRET-reason' } }],
    [centre, { type: 'grant', data: {} }],
  ];
  const steps: Readonly<Record<string, readonly Step[]>> = {
    submitted: [
      ...Array.from({ length: 4 }, (): Step => [bureau, { type: 'claim', data: { unit: lead, plan: 'SECRET-plan', helpers: ['志愿者协会'] } }]),
      ...Array.from({ length: 3 }, (): Step => [office, { type: 'whistle', data: { units: [...UNITS].slice(0, 2) } }]),
      [bureau, { type: 'report-in', data: { answer: 'not-ours', reason: 'SECRET-reason' } }],
      [author, { type: 'amend', data: { community: at(COMMUNITIES, community.length + lead.length), kind: 'tangible' } }],
      [office, { type: 'reject', data: { reason: 'SECRET-reason' } }],
      [author, { type: 'withdraw', data: { reason: 'SECRET-reason' } }],
      [office, { type: 'merge', data: { into: 'other' } }],
    ],
    claimed: [
      ...Array.from({ length: 4 }, (_, n): Step => [bureau, { type: 'fund', data: { amountFen: 700 + n, source: 'donation', reference: 'r' } }]),
      [bureau, { type: 'return', data: { reason: 'SECRET-reason' } }],
      ...clock,
    ],
    funded: [
      ...Array.from({ length: 3 }, (): Step => [
        bureau,
        { type: 'complete', data: { evidence: [{ kind: 'k', text: 'SECRET-text' }], finalCostFen: 650 } },
      ]),
      ...Array.from({ length: 4 }, (): Step => [office, { type: 'accept', data: {} }]),
      [centre, { type: 'adjust-funding', data: { deltaFen: 50, reason: 'SECRET-reason' } }],
      [centre, { type: 'cancel-works', data: { reason: 'SECRET-reason' } }],
      ...clock,
    ],
    done: [
      ...[evaluate(author, 'resident', true), evaluate(office, 'community', true), evaluate(author, 'resident', true)],
      ...[evaluate(office, 'community', true), evaluate(author, 'resident', false), evaluate(office, 'community', false)],
    ],
    evaluated: [[office, { type: 'reopen', data: { reason: 'SECRET-reason' } }]],
  };
  return steps[stage] ?? [[author, { type: 'withdraw', data: { reason: 'r' } }]];
};
