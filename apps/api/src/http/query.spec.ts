import { describe, expect, it } from '@jest/globals';
import { instantText, recordBound } from './query';

describe('a bound on what records hold', () => {
  const noon = '2026-03-02T12:00:00.000+08:00';
  it('is written as records write their times, whatever its offset', () => {
    for (const same of ['2026-03-02T04:00:00Z', '2026-03-01T18:00:00-10:00', '2026-03-02T12:00:00+08:00']) expect(recordBound(same)).toBe(noon);
  });

  it.each(['9999-12-31T23:59:59Z', '9999-12-31T23:59:59-14:00'])('is behind every record, as text too, when it is behind all times: %s', (last) => {
    expect(instantText.safeParse(last).success).toBe(true);
    expect(recordBound(last) > noon).toBe(true);
    expect(recordBound('0000-01-01T00:00:00Z') < noon).toBe(true);
    expect(recordBound('0000-01-01T00:00:00+14:00') < noon).toBe(true);
  });
});
