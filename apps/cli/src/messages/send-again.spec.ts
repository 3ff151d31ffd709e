import { describe, expect, it } from '@jest/globals';
import { tokenEndMs } from './send-again';

const bearer = (claims: object): string => `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

describe('the end of a token, before a command is sent again', () => {
  it('is read from a JWT', () => expect(tokenEndMs(bearer({ exp: 1_700_000_000 }))).toBe(1_700_000_000_000));

  it.each([
    ['a key of a service', 'Bearer qk_abcdefgh'],
    ['no JSON', 'Bearer a.b.c'],
    ['a JWT without an end', bearer({})],
    ['an end that is no number', bearer({ exp: 'soon' })],
    ['nothing', ''],
  ])('is not known of %s', (_, authorization) => expect(tokenEndMs(authorization)).toBeNull());
});
