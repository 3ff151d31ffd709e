import { describe, expect, it } from '@jest/globals';
import { dutiesIn, dutyFor } from './duties';

describe('the three duties', () => {
  it.each([
    ['POST', '/v1/keys', 'operate'],
    ['DELETE', '/v1/keys/0123', 'operate'],
    ['PUT', '/v1/directory', 'operate'],
    ['GET', '/v1/directory', 'operate'],
    ['HEAD', '/V1/Directory/', 'operate'],
    ['POST', '/v1/privacy/erasures', 'operate'],
    ['POST', '/v1/privacy/retention', 'operate'],
    ['POST', '/v1/notices/n/retry', 'operate'],
    ['POST', '/v1/keys/0123/approve', 'approve'],
    ['POST', '/V1/KEYS/0123/Approve/', 'approve'],
    ['POST', '/v1/privacy/erasures/0123/approve', 'approve'],
    ['PUT', '/v1/privacy/holds/r-1', 'approve'],
    ['GET', '/v1/audit/facts', 'audit'],
    ['GET', '/v1/audit', 'audit'],
    ['GET', '/v1/keys', null],
    ['GET', '/v1/privacy/erasures', null],
    ['POST', '/v1/needs', null],
    ['POST', '/v1/privacy/sealed-bodies', null],
  ] as const)('are told by the request: %s %s', (method, path, duty) => expect(dutyFor(method, path)).toBe(duty));

  it('are named by a token’s scopes', () => {
    expect(dutiesIn(undefined)).toEqual([]);
    expect(dutiesIn('openid read approve')).toEqual(['approve']);
    expect(dutiesIn('audit operate')).toEqual(['operate', 'audit']);
    expect(dutiesIn('operateapprove')).toEqual([]);
  });
});
