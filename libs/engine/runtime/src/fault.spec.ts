import { describe, expect, it } from '@jest/globals';
import { faultOf, faultText } from './fault';

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('what is told of an error', () => {
  it('is what went wrong in the code, and where', () => {
    const fault = faultOf(thrownBy(() => (undefined as unknown as { readonly unit: string }).unit));
    expect(fault).toMatchObject({ name: 'TypeError', message: "Cannot read properties of undefined (reading 'unit')" });
    expect([fault.at.length, fault.at[0]]).toEqual([3, expect.stringContaining('fault.spec')]);
    expect(faultText(fault)).toMatch(/^TypeError: Cannot read .*'unit'\) at .*fault\.spec\.ts:\d+:\d+\)?$/);
  });

  it('is the name alone where the message may quote what somebody wrote', () => {
    expect(faultOf(thrownBy(() => JSON.parse('Ann lives at')))).toMatchObject({ name: 'SyntaxError', message: null });
    class MongoServerError extends Error {
      override readonly name = 'MongoServerError';
    }
    expect(faultOf(new MongoServerError('dup key: { name: "Ann" }')).message).toBeNull();
    expect(JSON.stringify(faultOf(thrownBy(() => JSON.parse('Ann lives at'))))).not.toContain('Ann');
  });

  it('is one line of bounded length, and what there is where no error was thrown', () => {
    expect(faultOf(new Error(`a\n  b${'c'.repeat(500)}`)).message).toBe(`a b${'c'.repeat(197)}`);
    expect([faultOf('text'), faultText(faultOf('text'))]).toEqual([{ name: 'string', message: null, at: [] }, 'string']);
  });
});
