import { describe, expect, it } from '@jest/globals';
import { plusMs } from '@qiyue/engine';
import { recipientKey, type Directory, type Notices } from '@qiyue/notices';
import { dependencies, needNoticesFor } from '../testing/people';
import { NEED_RULES } from '@qiyue/need-domain';
import { ann, born, claim, cora, LIVES, submit, ToldLife, wes, type Moment } from '../testing/told-life';
import { isCallOpen } from './emergency';

const WORD_MS = 15 * 60_000;
const person = (id: string, role: string, unit: string | null) => ({ id, role, unit, language: 'zh-CN' as const, phone: `+86138${id}` });
const DIRECTORY: Directory = {
  persons: [
    person('cora', 'community', 'Lakeside'),
    person('cen', 'centre', null),
    person('wes', 'department', 'Water'),
    person('ron', 'department', 'Roads'),
  ],
  robots: [],
};
const of = ({ record, before, after }: Moment): Notices => needNoticesFor(record, before, after, dependencies({ directory: DIRECTORY }));
/** Who gets a short message, and how long after the event. */
const wokenIn = ({ outward }: Notices) =>
  outward.map(({ to, at, sendAt, awaitsWord }) => [
    to,
    sendAt === at ? 'at once' : sendAt === plusMs(at, WORD_MS) ? 'later' : sendAt,
    awaitsWord ?? false,
  ]);

describe('what a resident calls an emergency', () => {
  it('wakes community and centre at once, and the departments only when no word comes within a quarter of an hour', () => {
    const submitted = of((LIVES['emergency'] as ToldLife).moment('NeedSubmitted'));
    expect(wokenIn(submitted)).toEqual([
      ['cora', 'at once', false],
      ['cen', 'at once', false],
      ['wes', 'later', true],
      ['ron', 'later', true],
    ]);
    const inbox = submitted.inbox.map(({ recipient, notBefore, at }) => [
      recipientKey(recipient),
      notBefore === undefined ? 'at once' : notBefore === plusMs(at, WORD_MS),
    ]);
    expect(inbox).toEqual([
      ['post/community/Lakeside', 'at once'],
      ['post/centre/*', 'at once'],
      ['post/department/*', true],
    ]);
    expect(submitted.inbox[0]?.words['zh-CN'].subject).toBe('紧急需求：加装扶手');
  });

  it('is the same when it is made one afterwards, once', () => {
    const life = born()
      .does(ann, { type: 'amend', data: { urgency: 'emergency' } })
      .does(ann, { type: 'amend', data: { title: 'x', urgency: 'emergency' } });
    expect(wokenIn(of(life.moment('NeedAmended'))).map(([to]) => to)).toEqual(['cora', 'cen', 'wes', 'ron']);
    expect(of(life.moment('NeedAmended', 1))).toEqual({ inbox: [], outward: [] });
    expect(
      of(
        born()
          .does(ann, { type: 'amend', data: { title: 'x' } })
          .moment('NeedAmended'),
      ),
    ).toEqual({ inbox: [], outward: [] });
  });

  it('calls the departments at once when it is a community that says so, and those that it whistles for', () => {
    expect(wokenIn(of(new ToldLife().does(cora, submit({ urgency: 'emergency' })).moment('NeedSubmitted')))).toEqual([
      ['cen', 'at once', false],
      ['wes', 'at once', false],
      ['ron', 'at once', false],
    ]);
    expect(wokenIn(of((LIVES['emergency'] as ToldLife).moment('WhistleBlown')))).toEqual([['wes', 'at once', false]]);
  });

  it('calls them at once when the centre puts right that it is one, as when an office confirms it', () => {
    const [corrected, confirmed] = [LIVES['correctedToEmergency']?.moment('NeedCorrected'), LIVES['confirmed']?.moment('UrgencyConfirmed')];
    for (const moment of [corrected, confirmed])
      expect(wokenIn(of(moment as Moment))).toEqual(expect.arrayContaining(['cen', 'wes', 'ron'].map((to) => [to, 'at once', false])));
  });

  it('stands until somebody says that they come, claims or ends it, or its author calls it none any more', () => {
    const open = born({ urgency: 'emergency' });
    const whistled = (data: { readonly answer: 'coming' } | { readonly answer: 'not-ours'; readonly reason: string }) =>
      born({ urgency: 'emergency' })
        .under(NEED_RULES)
        .does(cora, { type: 'whistle', data: { units: ['Water', 'Roads'] } })
        .does(wes, { type: 'report-in', data });
    const isOpen = (life: ToldLife) => isCallOpen(life.moments.at(-1)?.after as never);
    expect(isOpen(open)).toBe(true);
    expect(isOpen(born({ urgency: 'emergency' }).does(cora, { type: 'inspect', data: { notes: 'n' } }))).toBe(true);
    const calledByName = [LIVES['emergency'] as ToldLife, LIVES['dispatchedEmergency'] as ToldLife, whistled({ answer: 'not-ours', reason: 'r' })];
    expect(calledByName.map(isOpen)).toEqual([true, true, true]);
    const answered = [
      born({ urgency: 'emergency' }).does(wes, claim),
      born({ urgency: 'emergency' }).does(cora, { type: 'reject', data: { reason: 'r' } }),
      born({ urgency: 'emergency' }).does(ann, { type: 'withdraw', data: { reason: 'r' } }),
      born({ urgency: 'emergency' }).does(ann, { type: 'amend', data: { urgency: 'normal' } }),
      LIVES['confirmed'] as ToldLife,
      whistled({ answer: 'coming' }),
      born({ urgency: 'emergency' }).waits(3),
    ];
    expect(answered.map(isOpen)).toEqual(answered.map(() => false));
  });

  it('is paid from the need’s budget, from its author’s, and from that of calls to everybody', () => {
    const { outward } = of((LIVES['emergency'] as ToldLife).moment('NeedSubmitted'));
    const budgets = outward.map(({ to, budgets: from = [] }) => [to, ...from.map(({ key }) => key.split('/')[0])]);
    expect(budgets).toEqual([
      ['cora', 'author', 'need'],
      ['cen', 'author', 'need'],
      ['wes', 'mass', 'author', 'need'],
      ['ron', 'mass', 'author', 'need'],
    ]);
    expect(JSON.stringify(outward.map(({ budgets: from }) => from))).not.toContain('ann');
  });
});
