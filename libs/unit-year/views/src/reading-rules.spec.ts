import { describe, expect, it } from '@jest/globals';
import { sightBy } from '@qiyue/civic-views';
import { READING_RULES, relationOf, type UnitYearView } from './index';

const VIEW = { unit: 'Water' } as UnitYearView;
const sightOf = (role: string, unit: string | null = null) => sightBy(READING_RULES, role, relationOf({ id: 'x', role, unit }, VIEW));

describe('a reader', () => {
  it.each(['resident', 'property', 'grid', 'community', 'authority', 'operator', 'service', 'none', '__proto__'])(
    'sees what was promised, as a %s',
    (role) => {
      expect([sightOf(role), sightOf(role, 'Water')]).toEqual(['public', 'public']);
    },
  );
  it.each(['department', 'centre', 'supervisor'])('sees the money too, as a %s', (role) => {
    expect([sightOf(role), sightOf(role, 'Water')]).toEqual(['official', 'official']);
  });
  it('stands near to a year as the department whose it is', () => {
    expect(relationOf({ id: 'x', role: 'department', unit: 'Water' }, VIEW)).toBe('own');
    expect(relationOf({ id: 'x', role: 'community', unit: 'Water' }, VIEW)).toBe('other');
    expect(relationOf({ id: 'x', role: 'department', unit: null }, VIEW)).toBe('other');
  });
});
