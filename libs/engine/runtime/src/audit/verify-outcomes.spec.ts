import { describe, expect, it } from '@jest/globals';
import { findingOfRecord, findingOfRow, isOfCommand, type MaySayNothing, type OutcomeRow } from './verify-outcomes';

const RECORD = { entity: 'n', seq: 3, commandId: 'c', time: '2026-11-26T08:00:00.000+08:00' };
const ROW: OutcomeRow = {
  _id: 'c',
  aggregate: 'a',
  entity: 'n',
  type: 't',
  state: 'accepted',
  notedAt: new Date(0),
  outcome: { status: 'accepted', entity: 'n', seq: 3 },
};
const OURS: MaySayNothing = ({ _id }) => _id.startsWith('system:');

describe('a row and a record', () => {
  it('belong together by command and entity', () => {
    expect(isOfCommand(RECORD, ROW)).toBe(true);
    expect(isOfCommand({ ...RECORD, entity: 'm' }, ROW)).toBe(false);
    expect(isOfCommand({ ...RECORD, commandId: 'd' }, ROW)).toBe(false);
  });

  it('of a timer take no row, of any other command an accepted one', () => {
    expect(findingOfRecord({ ...RECORD, commandId: 'timer:n:1' }, [])).toBeNull();
    expect(findingOfRecord(RECORD, [{ ...ROW, _id: 'd' }, ROW])).toBeNull();
    expect(findingOfRecord(RECORD, [{ ...ROW, outcome: { status: 'refused', entity: 'n', seq: 3 } }])).toMatchObject({ kind: 'outcome', seq: 3 });
  });

  it.each<[string, Partial<OutcomeRow>, typeof RECORD | null, boolean]>([
    ['accepted with its record', {}, RECORD, true],
    ['accepted with another’s record', { _id: 'd' }, RECORD, false],
    ['accepted without any', {}, null, false],
    ['accepted by a command of ours that changed nothing', { _id: 'system:x' }, RECORD, true],
    ['the same beside no record', { _id: 'system:x' }, null, false],
    ['refused', { state: 'refused', outcome: { status: 'refused', entity: 'n', seq: 3 } }, RECORD, true],
    ['pending', { state: 'pending', outcome: undefined as never }, null, true],
    ['dead', { state: 'dead', outcome: undefined as never }, null, true],
    ['accepted without an outcome', { outcome: undefined as never }, RECORD, false],
    ['pending with an outcome', { state: 'pending' }, RECORD, false],
  ])('are a finding or none: %s', (_, change, record, isGood) => {
    expect(findingOfRow({ ...ROW, ...change }, record, OURS) === null).toBe(isGood);
  });
});
