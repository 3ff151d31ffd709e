import { describe, expect, it } from '@jest/globals';
import { Patience } from './patience';

const never = new Promise<string>(() => undefined);

describe('patience with a server that is good to have', () => {
  it('passes on what is answered in time', async () => {
    expect(await new Patience(1_000).wait(() => Promise.resolve('yes'))).toBe('yes');
  });

  it('waits no longer than it was told, and then does not even ask', async () => {
    const patience = new Patience(5);
    expect(await patience.wait(() => never)).toBeNull();
    let asked = false;
    expect(await patience.wait(() => Promise.resolve((asked = true)))).toBeNull();
    expect(asked).toBe(false);
  });

  it('forgives as many waits in vain as it was told, counted from the last answer', async () => {
    const patience = new Patience(5, 2);
    const ask = (): Promise<string> => Promise.resolve('yes');
    expect(await patience.wait(() => never)).toBeNull();
    expect(await patience.wait(ask)).toBe('yes');
    expect(await patience.wait(() => never)).toBeNull();
    expect(await patience.wait(() => never)).toBeNull();
    expect(await patience.wait(ask)).toBeNull();
  });

  it('takes a failure for an absence', async () => {
    const patience = new Patience(1_000);
    expect(await patience.wait(() => Promise.reject(new Error('gone')))).toBeNull();
    expect(await patience.wait(() => Promise.resolve('back'))).toBeNull();
  });
});
