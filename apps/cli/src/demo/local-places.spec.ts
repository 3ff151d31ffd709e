import { describe, expect, it } from '@jest/globals';
import { directoryDocument } from '@qiyue/edge';
import { CASES } from './cases';
import { countyPlan } from './county/plan';
import { LOCAL_DIRECTORY } from './local-places';

describe('the directory of the local stack', () => {
  it('is one that could be imported', () => expect(directoryDocument.parse(LOCAL_DIRECTORY)).toEqual(LOCAL_DIRECTORY));

  it('lists every community of the demo and of the county’s year', () => {
    const listed = new Set(LOCAL_DIRECTORY.communities.map(({ name }) => name));
    for (const community of [...CASES.map((one) => one.community), ...countyPlan(1).communities]) expect(listed).toContain(community);
  });
});
