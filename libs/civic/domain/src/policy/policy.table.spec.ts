import { describe, expect, it } from '@jest/globals';
import { canonicalJson, sha256Hex } from '@qiyue/engine';
import { compilePolicy, DEFAULT_CONTRACT, DEFAULT_POLICY_DOCUMENT, DEFAULT_UNIT_YEAR } from '../index';

const hashOf = (value: object): string => sha256Hex(canonicalJson(value as never));

describe('the table of a policy', () => {
  it('is what it was, to the byte, for a policy that says nothing of unit-years', () => {
    const table = compilePolicy(DEFAULT_POLICY_DOCUMENT);
    expect(Object.keys(table)).not.toContain('unitYear');
    expect(hashOf(table)).toBe('604713e6468b7c9fe90a4b7c17f8e7506ac83283dd1dba5aef6a7a791576c175');
  });

  it('has the part on contracts where the policy has it', () => {
    const { contract, ...rest } = compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, contract: DEFAULT_CONTRACT });
    expect(contract).toEqual(DEFAULT_CONTRACT);
    expect(rest).toEqual(compilePolicy(DEFAULT_POLICY_DOCUMENT));
  });

  it('has the part on unit-years where the policy has it', () => {
    const { unitYear, ...rest } = compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, unitYear: DEFAULT_UNIT_YEAR });
    expect(unitYear).toEqual(DEFAULT_UNIT_YEAR);
    expect(rest).toEqual(compilePolicy(DEFAULT_POLICY_DOCUMENT));
  });
});
