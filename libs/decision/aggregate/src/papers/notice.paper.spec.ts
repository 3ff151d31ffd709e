import { describe, expect, it } from '@jest/globals';
import type { Language } from '@qiyue/civic-domain';
import type { DecisionView } from '@qiyue/decision-views';
import { EVERY_MOMENT } from '../testing/told-decision';
import { noticePaper } from './notice.paper';

const printed = (view: DecisionView, language: Language = 'zh-CN') => noticePaper.documentOf({ view, events: [], language });
const posted = EVERY_MOMENT.map(({ after }) => after).filter(({ notice }) => notice !== null);

describe('the owners’ notice', () => {
  it('is there once it is posted', () => {
    for (const { after } of EVERY_MOMENT)
      expect([after.notice === null, printed(after) === null]).toEqual([after.notice === null, after.notice === null]);
    expect(posted.length).toBeGreaterThan(0);
  });
  it('says what it costs whom to the fen, and names no owner', () => {
    const view = posted.find(({ emergency }) => emergency === null) as DecisionView;
    const said = JSON.stringify(printed(view));
    expect(said).toContain(view.plan.works);
    expect(said).toContain(view.rule.basis);
    const shares = view.roster.flatMap(({ shareFen }) => (shareFen === null ? [] : [shareFen]));
    expect(shares.reduce((sum, fen) => sum + fen, 0)).toBe(view.plan.budgetFen);
    for (const fen of shares) expect(said).toContain(`${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`);
    for (const { owner } of view.roster) if (owner !== null) expect(said).not.toContain(`"${owner}"`);
    expect(said).not.toMatch(/SECRET|undefined|null/);
  });
  it('of an emergency says why instead of a vote', () => {
    const view = posted.find(({ emergency }) => emergency !== null);
    if (view === undefined) throw new Error('no emergency is posted');
    expect(JSON.stringify(printed(view, 'en'))).toMatch(/Emergency repair/);
  });
  it('leaves out who pays what for whoever may not see the roster', () => {
    const [view] = posted;
    expect(JSON.stringify(printed({ ...(view as DecisionView), roster: null as never }))).not.toMatch(/费用分摊/);
  });
});
