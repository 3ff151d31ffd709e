import { describe, expect, it } from '@jest/globals';
import { failedOf } from '../testing/failed-of';
import { MemoryBus, type BusFault } from '../testing/memory-bus';
import { busChecks, type BusCheckOptions } from './bus-checks';

/** What a fault makes wait in vain is given up after this. */
const IMPATIENT = { waitMs: 400 };

/** For each fault a check that has to see it; others may see it too. */
const SEEN_BY: Readonly<Record<BusFault, string>> = {
  'loses every tenth message': 'keeps the order of each key, over many sends',
  'takes an empty value for none': 'hands on every message, key and value as they were sent',
  'cuts long values': 'hands on every message, key and value as they were sent',
  'spreads a key over partitions': 'keeps what belongs to one key in one partition, and uses more than one',
  'has one partition at work': 'keeps what belongs to one key in one partition, and uses more than one',
  'turns each part round': 'keeps the order of each key, over many sends',
  'handles parts of a partition at once': 'hands the messages of a partition on in order of offset, one part after the other',
  'has one place for all groups': 'gives every group every message',
  'begins a new group at the end': 'gives every group every message',
  'goes on past a failure': 'hands on what was not handled again, before what stands behind it',
  'takes up what failed at the end': 'hands on what was not handled again, before what stands behind it',
  'forgets where a group was': 'goes on behind what a group has handled when it comes again',
  'moves on when it hands on': 'gives a group again what it had not handled when it left',
  'forgets the partitions of who left': 'loses nothing when a member joins a group and another leaves it',
};

const checksOf = (fault: BusFault | null, options: BusCheckOptions = {}) => busChecks(() => Promise.resolve(new MemoryBus(fault)), options);

describe('the checks of a bus', () => {
  it('all pass for one that is sound', async () => {
    expect(await failedOf(checksOf(null))).toEqual([]);
  });

  it.each(Object.entries(SEEN_BY))('see one that %s', async (fault, check) => {
    expect(await failedOf(checksOf(fault as BusFault, IMPATIENT))).toContain(check);
  });

  it('are each needed to see a fault', () => {
    const names = checksOf(null).map(({ name }) => name);
    expect(names.filter((name) => !Object.values(SEEN_BY).includes(name))).toEqual([]);
  });
});
