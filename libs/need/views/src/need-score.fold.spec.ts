import { deepEqual } from 'node:assert/strict';
import { describe, expect, it } from '@jest/globals';
import { DEADLINE_STAGES } from '@qiyue/civic-domain';
import type { Actor } from '@qiyue/engine';
import type { NeedCommand } from '@qiyue/need-domain';
import fc from 'fast-check';
import { foldNeedScore, foldNeedView, type NeedScore, type NeedView } from './index';
import { ann, centre, cora, Life, retimer, TABLES, water } from './testing/need.life';

type Step = readonly [Actor, NeedCommand];
const items = [{ name: 'n', quantity: 1, unit: 'u' }];
const submit: Step = [ann, { type: 'submit', data: { title: 't', kind: 'service', items, community: 'Lakeside' } }];
const claim: Step = [water, { type: 'claim', data: { unit: 'Water', plan: 'p' } }];
const fund: Step = [water, { type: 'fund', data: { amountFen: 7, source: 'donation', reference: 'r' } }];
const complete: Step = [water, { type: 'complete', data: { evidence: [{ kind: 'k', text: 't' }] } }];
const accept: Step = [cora, { type: 'accept', data: {} }];
const evaluate = (actor: Actor, side: 'resident' | 'community', satisfied: boolean): Step => [
  actor,
  { type: 'evaluate', data: { side, score: 3, satisfied } },
];
const satisfied: readonly Step[] = [evaluate(ann, 'resident', true), evaluate(cora, 'community', true)];

const lived = (...steps: readonly (Step | 'waits')[]): Life => {
  const life = new Life(TABLES);
  for (const step of steps) {
    if (step === 'waits') life.waits();
    else expect([step[1].type, life.does(...step)]).toEqual([step[1].type, null]);
  }
  return life;
};
const scoreOf = (life: Life): NeedScore | null => life.records.reduce<NeedScore | null>(foldNeedScore, null);
const waits = (times: number): readonly 'waits'[] => Array.from({ length: times }, () => 'waits');

describe('what a need counts for its lead', () => {
  it('is nothing until a unit has it, and after that unit gave it back', () => {
    expect(scoreOf(lived(submit))?.lead).toBeNull();
    expect(scoreOf(lived(submit, claim))?.lead).toEqual({ unit: 'Water', year: 2024 });
    expect(scoreOf(lived(submit, claim, [water, { type: 'return', data: { reason: 'r' } }]))?.lead).toBeNull();
  });

  it('is done when it is accepted, and satisfies when both sides say so', () => {
    const done = lived(submit, claim, fund, complete, accept);
    expect(scoreOf(done)).toMatchObject({ isDone: true, isSatisfied: false, isLate: false });
    for (const step of satisfied) done.does(...step);
    expect(scoreOf(done)).toMatchObject({ isDone: true, isSatisfied: true, isLate: false });
  });

  it('is neither once it is reopened, until it is done again', () => {
    const reopened = lived(submit, claim, fund, complete, accept, evaluate(ann, 'resident', false), evaluate(cora, 'community', true));
    expect(scoreOf(reopened)).toMatchObject({ lead: { unit: 'Water' }, isDone: false, isSatisfied: false });
    for (const step of [fund, complete, accept, ...satisfied]) reopened.does(...step);
    expect(scoreOf(reopened)).toMatchObject({ isDone: true, isSatisfied: true, isLate: false });
  });

  it('is late for good where one of its stages was, and not for how late it is evaluated', () => {
    expect(scoreOf(lived(submit, ...waits(4), claim, fund, complete, accept))).toMatchObject({ isDone: true, isLate: true });
    expect(scoreOf(lived(submit, claim, ...waits(3), fund, complete, accept))).toMatchObject({ isDone: true, isLate: true });
    expect(scoreOf(lived(submit, claim, fund, ...waits(3), complete, accept))).toMatchObject({ isDone: true, isLate: true });
    expect(scoreOf(lived(submit, claim, fund, complete, accept, ...waits(4)))).toMatchObject({ isDone: true, isLate: false });
  });

  it('holds nothing that anybody wrote', () => {
    expect(JSON.stringify(scoreOf(lived(submit, claim, fund, complete, accept, ...satisfied)))).not.toMatch(/ann|cora|wes|Lakeside|"t"|"p"/);
  });
});

const STEPS: readonly (Step | 'waits')[] = [
  ...[submit, claim, claim, fund, fund, complete, accept, accept, ...satisfied, evaluate(ann, 'resident', false)],
  [water, { type: 'return', data: { reason: 'r' } }],
  [ann, { type: 'amend', data: { urgency: 'urgent' } }],
  [cora, { type: 'pause', data: { waitingFor: 'w' } }],
  [cora, { type: 'resume', data: {} }],
  [water, { type: 'request-extension', data: { workingDays: 3, reason: 'r' } }],
  [centre, { type: 'grant', data: {} }],
  [cora, { type: 'refuse-works', data: { reason: 'r' } }],
  [cora, { type: 'reopen', data: { reason: 'r' } }],
  [retimer, { type: 'retime', data: {} }],
  ...waits(5),
];
const CORRECTED = { ...TABLES, calendar: { ...TABLES.calendar, version: 'corrected', working: TABLES.calendar.working.replaceAll('f', 'e') } };
const TIMED: ReadonlySet<string> = new Set(DEADLINE_STAGES);

/** The same, read off the document. */
const readOff = ({ unit, stage, stages, clock }: NeedView): Omit<NeedScore, 'lead' | 'isSatisfied'> & { readonly unit: string | null } => {
  const since = stages.slice(stages.findLastIndex((time) => time.stage === 'submitted')).filter((time) => time.stage !== 'done');
  return {
    unit,
    isDone: stage === 'done' || stage === 'evaluated',
    isLate: since.some(({ late }) => late === true),
    dueAt: since.find(({ endedAt }) => endedAt === null)?.dueAt ?? null,
    pausedSince: stage === 'done' ? null : (clock?.paused?.since ?? null),
  };
};

it('a score says of the lead, the works and the deadlines what the document says, after every record of any life', () => {
  let late = 0;
  fc.assert(
    fc.property(fc.array(fc.nat(STEPS.length - 1), { maxLength: 40, size: 'max' }), (picks) => {
      const life = new Life(TABLES);
      let view: NeedView | null = null;
      let score: NeedScore | null = null;
      for (const pick of [0, ...picks]) {
        const step = STEPS[pick] as Step | 'waits';
        if (step === 'waits') life.waits();
        else life.does(...step, step[1].type === 'retime' ? CORRECTED : undefined);
        for (const record of life.records.slice(view?.seq ?? 0)) {
          view = foldNeedView(view, record);
          const next: NeedScore = foldNeedScore(score, record);
          score = next;
          const { lead, isSatisfied: _, ...rest } = next;
          deepEqual({ ...rest, unit: lead?.unit ?? null }, { ...readOff(view), ...(TIMED.has(view.stage) ? {} : { dueAt: rest.dueAt }) });
          if (rest.isLate && rest.isDone) late += 1;
        }
      }
    }),
    { numRuns: 500, seed: 20_240_701 },
  );
  expect(late).toBeGreaterThan(50);
}, 120_000);
