import { describe, expect, it } from '@jest/globals';
import { SecondFactor } from './second-factor';

const policy = new SecondFactor({ QIYUE_SECOND_FACTOR: ['operator', 'supervisor'], QIYUE_SECOND_FACTOR_ACR: ['urn:county:gold'] });

describe('a second factor', () => {
  it.each([
    ['that the provider calls one', { acr: 'urn:county:gold' }],
    ['by name', { amr: ['mfa'] }],
    ['that one has, beside one that one knows', { amr: ['pwd', 'otp'] }],
    ['that one is, beside one that one has', { amr: ['hwk', 'fpt'] }],
  ])('was shown: %s', (_, claims) => expect(policy.isMissing('operator', claims)).toBe(false));

  it.each([
    ['nothing is said', {}],
    ['another level', { acr: 'urn:county:silver' }],
    ['a password', { amr: ['pwd'] }],
    ['two of one kind', { amr: ['pwd', 'pin'] }],
    ['a message to a telephone', { amr: ['pwd', 'sms'] }],
    ['names that nobody knows', { acr: '', amr: ['', 'x', 'MFA'] }],
  ])('is missing: %s', (_, claims) => expect(policy.isMissing('supervisor', claims)).toBe(true));

  it('is asked of the roles that the policy names, and of nobody without one', () => {
    expect(policy.isMissing('resident', {})).toBe(false);
    expect(new SecondFactor({}).isMissing('operator', {})).toBe(false);
  });
});
