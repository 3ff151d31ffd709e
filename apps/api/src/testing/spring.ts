import type { Actor } from '@qiyue/engine';
import { NEED_RULES, type Do } from '@qiyue/need-domain';
import { Past, tablesUntil } from './past-bench';

/** A Wednesday at noon; no holiday from the middle of February to the end of March. */
export const NOW = '2025-03-12T12:00:00.000+08:00';
const at = (day: string, time = '09:00') => `2025-${day}T${time}:00.000+08:00`;

const author: Actor = { id: 'r-1', role: 'resident', unit: '幸福社区' };
const community: Actor = { id: 'c-1', role: 'community', unit: '幸福社区' };
const housing: Actor = { id: 'd-1', role: 'department', unit: '住建局' };
const water: Actor = { id: 'd-2', role: 'department', unit: '水利局' };

export const NASTY_TITLE = '楼道, 扶手; 反斜杠\\与很长很长的标题：三号楼至十二号楼全部单元加装无障碍扶手并更换破损照明🏠灯具';

const asks = (changes: Partial<Do<'submit'>['data']> = {}) => ({
  type: 'submit' as const,
  data: { title: '加装扶手', kind: 'tangible' as const, items: [{ name: '扶手', quantity: 1, unit: '米' }], community: '幸福社区', ...changes },
});
const claims = ({ unit }: Actor) => ({ type: 'claim' as const, data: { unit: unit ?? '', plan: 'p' } });
const funds = { type: 'fund' as const, data: { amountFen: 100, source: 'donation' as const, reference: 'r' } };

const idOf = (name: string): string => name.padStart(26, '0');

/**
 * Nine needs as they stand at `NOW`. Their dates were worked out by hand: claim 2 working days, fund 3, done 13,
 * evaluate 5, each until 18:00; the reminder one working day before and the first rung one after, both at 8:00.
 */
export const spring = () => ({
  /** Claimed two days late (02-26), funded in the last minute (03-05 17:59), to be done by 03-24. */
  a: new Past(idOf('a'))
    .does(at('02-24'), author, asks())
    .does(at('02-28', '10:00'), housing, claims(housing))
    .does(at('03-05', '17:59'), housing, funds)
    .until(NOW),
  /** To be claimed today. */
  b: new Past(idOf('b')).does(at('03-10'), author, asks({ title: NASTY_TITLE })).until(NOW),
  /** To be claimed by 03-14. */
  c: new Past(idOf('c')).does(at('03-12'), author, asks({ community: '和平社区' })).until(NOW),
  /** Nobody claims it: missed on 03-05, first rung. */
  d: new Past(idOf('d')).does(at('03-03'), author, asks()).until(NOW),
  /** Was to be funded by 03-07, stands still since 03-05. */
  e: new Past(idOf('e'))
    .does(at('03-03'), author, asks())
    .does(at('03-04', '10:00'), water, claims(water))
    .does(at('03-05', '10:00'), community, { type: 'pause', data: { waitingFor: '业主共同决定' } })
    .until(NOW),
  /** Funded late (02-14), done by 03-06, to be evaluated by 03-13. */
  g: new Past(idOf('g'))
    .does(at('02-10'), author, asks())
    .does(at('02-11'), water, claims(water))
    .does(at('02-17'), water, funds)
    .does(at('03-06', '10:00'), water, { type: 'complete', data: { evidence: [{ kind: 'note', text: 't' }] } })
    .does(at('03-06', '11:00'), community, { type: 'accept', data: {} })
    .until(NOW),
  /** The calendar ends today: no date. */
  p: new Past(idOf('p'), tablesUntil('2025-03-12')).does(at('03-12'), author, asks({ community: '和平社区' })).until(NOW),
  q: new Past(idOf('q'), tablesUntil('2025-03-12')).does(at('03-12'), author, asks({ community: '和平社区' })).until(NOW),
  /** The calendar ends with the deadline, 03-14: no date for the rungs. */
  r: new Past(idOf('r'), tablesUntil('2025-03-14')).does(at('03-12'), author, asks({ community: '和平社区' })).until(NOW),
});

/** The need that stood still goes on: five working days later than before, 03-14. */
export const resumes = (past: Past): Past => past.does(at('03-12', '10:00'), community, { type: 'resume', data: {} });

/** At the same `NOW`, in a community of their own: what an office was called for, or has to say. */
export const calledNeeds = () => {
  const east: Actor = { id: 'c-9', role: 'community', unit: '河东社区' };
  const resident: Actor = { id: 'r-9', role: 'resident', unit: '河东社区' };
  const centre: Actor = { id: 'z-1', role: 'centre', unit: '服务中心' };
  const asked = (title: string, changes: Partial<Do<'submit'>['data']> = {}) => asks({ title, community: '河东社区', ...changes });
  const past = (name: string) => new Past(idOf(name), tablesUntil('2026-12-31'), NEED_RULES);
  return {
    whistled: past('w')
      .does(at('03-12'), resident, asked('路面塌陷'))
      .does(at('03-12', '10:00'), east, { type: 'whistle', data: { units: ['文旅局'] } }),
    dispatched: past('x')
      .does(at('03-12', '10:00'), resident, asked('桥栏松动'))
      .does(at('03-12', '10:30'), centre, { type: 'dispatch', data: { unit: '文旅局' } }),
    emergency: past('y').does(at('03-12', '11:00'), resident, asked('燃气味', { urgency: 'emergency' })),
    communitys: past('z')
      .does(at('03-10'), east, asked('社区自报'))
      .does(at('03-10', '10:00'), housing, claims(housing))
      .does(at('03-10', '11:00'), housing, funds)
      .does(at('03-11', '10:00'), housing, { type: 'complete', data: { evidence: [{ kind: 'note', text: 't' }] } })
      .does(at('03-11', '11:00'), east, { type: 'accept', data: {} }),
  };
};
