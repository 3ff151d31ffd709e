import { describe, expect, it } from '@jest/globals';
import { FIELD_SIGHT, mayAttach, relationOf, sees, sightOf, type NeedView } from './index';
import { SIGHTS } from '@qiyue/civic-views';
import { isCoarse, coarseLocation } from '@qiyue/civic-domain';

const NEED = {
  ...{ author: { id: 'ann', role: 'resident', unit: 'Lakeside' }, followers: [], community: 'Lakeside', unit: 'Water', helpers: ['Roads', 'Parks'] },
  ...{ joined: ['Roads'], contactSharedWith: [], contract: { community: null, department: null }, whistle: null, stage: 'claimed' },
} satisfies Partial<NeedView> as unknown as NeedView;
const SIGNED = { ...NEED, contract: { community: '2024-07-01', department: '2024-07-01' } };
const of = (unit: string) => ({ id: 'd', role: 'department', unit });

describe('a field', () => {
  it('that no table names is shown to nobody', () => {
    for (const sight of SIGHTS) for (const field of ['surprise', '', 'constructor', '__proto__', 'toString']) expect(sees(sight, field)).toBe(false);
  });

  it('is shown from its own sight on', () => {
    for (const [field, least] of Object.entries(FIELD_SIGHT))
      expect(SIGHTS.filter((sight) => sees(sight, field))).toEqual(SIGHTS.slice(SIGHTS.indexOf(least)));
  });

  it('says more of a person where they take their need back', () => {
    expect([sees('official', 'reason'), sees('official', 'reason', 'NeedWithdrawn'), sees('official', 'reason', 'withdrawn')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(sees('personal', 'reason', 'NeedWithdrawn')).toBe(true);
    expect(sees('official', 'reason', 'NeedRejected')).toBe(true);
  });
});

describe('the contact', () => {
  it('does not open to a department by claiming, nor to a helper by being named', () => {
    expect(['Water', 'Roads', 'Parks', 'Else'].map((unit) => relationOf(of(unit), NEED))).toEqual(['own', 'own', 'called', 'other']);
    for (const unit of ['Water', 'Roads', 'Parks']) expect(sightOf(of(unit), NEED)).toBe('personal');
  });

  it('opens to lead and joined helpers once both have signed, and to nobody else', () => {
    expect(['Water', 'Roads', 'Parks', 'Else'].map((unit) => sightOf(of(unit), SIGNED))).toEqual(['contact', 'contact', 'personal', 'official']);
    const half = { ...NEED, contract: { community: '2024-07-01', department: null } };
    expect(sightOf(of('Water'), half)).toBe('personal');
  });

  it('opens to the unit that the author shares it with', () => {
    const shared = { ...NEED, contactSharedWith: ['Else'] };
    expect([sightOf(of('Else'), shared), sightOf(of('Water'), shared)]).toEqual(['contact', 'personal']);
    expect([mayAttach(of('Else'), shared), mayAttach(of('Water'), shared), mayAttach(of('Parks'), shared)]).toEqual([false, true, false]);
  });
});

it('a place is coarse to a hundredth of a degree', () => {
  expect(coarseLocation({ lat: 35.60421, lng: -0.0012 })).toEqual({ lat: 35.6, lng: 0 });
  expect([isCoarse({ lat: 35.6, lng: 110.98 }), isCoarse({ lat: 35.601, lng: 110.98 })]).toEqual([true, false]);
});
