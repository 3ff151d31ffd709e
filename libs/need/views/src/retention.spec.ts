import { expect, it } from '@jest/globals';
import { isKept, SIGHTS } from '@qiyue/civic-views';
import { endedAtOf, type NeedView } from './index';

const RETENTION = { contactYears: 3, personalYears: 5, officialYears: 10 };
const need = (status: NeedView['status'], updatedAt: string) => ({ status, updatedAt });
const kept = (one: ReturnType<typeof need>, now: string) => SIGHTS.filter((sight) => isKept(sight, endedAtOf(one), now, RETENTION));

it('what has ended is sealed kind by kind, to the instant', () => {
  const ended = need('ended', '2024-02-29T08:00:00.000+08:00');
  expect(kept(ended, '2027-02-28T08:00:00.000+08:00')).toEqual(['public', 'official', 'personal', 'contact']);
  expect(kept(ended, '2027-03-01T08:00:00.000+08:00')).toEqual(['public', 'official', 'personal']);
  expect(kept(need('closed', '2024-07-01T08:00:00.000+08:00'), '2029-07-01T07:59:59.999+08:00')).toEqual(['public', 'official', 'personal']);
  expect(kept(need('closed', '2024-07-01T08:00:00.000+08:00'), '2029-07-01T08:00:00.000+08:00')).toEqual(['public', 'official']);
  expect(kept(ended, '2034-03-01T08:00:00.000+08:00')).toEqual(['public']);
});

it('what is under way is kept, however long', () => {
  for (const status of ['waiting', 'working', 'open-to-reopen'] as const)
    expect(kept(need(status, '1999-01-01T00:00:00.000+08:00'), '2034-03-01T08:00:00.000+08:00')).toEqual([...SIGHTS]);
});
