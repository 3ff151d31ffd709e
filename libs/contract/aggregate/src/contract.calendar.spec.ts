import { describe, expect, it } from '@jest/globals';
import type { CalendarOwner } from '@qiyue/aggregate';
import { contractCalendar } from './contract.calendar';
import { moment } from './testing/told-contract';

const unit: CalendarOwner = { role: 'department', unit: '住建局', person: null };
const community: CalendarOwner = { role: 'community', unit: '民悦社区', person: null };
const deedsFor = (owner: CalendarOwner, life: string, type: string, nth = 0) =>
  contractCalendar.entriesOf(moment(life, type, nth).after, owner).map(({ deed }) => deed);

describe('a contract in calendars', () => {
  it('waits for the signature of the side that has not signed', () => {
    expect([unit, community].map((owner) => deedsFor(owner, 'signed', 'ContractProposed'))).toEqual([['双方签署'], ['双方签署']]);
    expect([unit, community].map((owner) => deedsFor(owner, 'signed', 'SignatureGiven'))).toEqual([[], ['双方签署']]);
  });
  it('has a date for each item that is to be evaluated, beside the end of the contract', () => {
    const { after } = moment('evaluated', 'ItemFinished');
    const entries = contractCalendar.entriesOf(after, community);
    expect(entries.map(({ deed }) => deed)).toEqual(['履行契约', '双方评价项目“安装太阳能路灯”']);
    expect(entries.map(({ dueAt }) => dueAt)).toEqual([after.dueAt, after.itemClocks[0]?.dueAt]);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(2);
    expect(entries[0]).toMatchObject({ title: '民悦社区与住建局2024年度共建契约', isPaused: false, sequence: after.seq });
    expect(deedsFor(community, 'evaluated', 'SideEvaluated', 1)).toEqual(['履行契约']);
  });
  it('is looked for by the name of either side, and by nobody else', () => {
    expect(contractCalendar.conditionsOf(unit)).toMatchObject({ 'view.unit': '住建局' });
    expect(contractCalendar.conditionsOf(community)).toMatchObject({ 'view.community': '民悦社区' });
    const others = ['resident', 'centre', 'supervisor'].map((role) => ({ role, unit: '住建局', person: null }));
    expect([...others, { ...unit, unit: null }].map(contractCalendar.conditionsOf)).toEqual([null, null, null, null]);
  });
});
