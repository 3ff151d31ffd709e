import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker';

const never = new Promise<string>(() => undefined);

describe('a circuit breaker before a server that is good to have', () => {
  it('passes on what is answered in time', async () => {
    expect(await new CircuitBreaker(1_000).call(() => Promise.resolve('yes'))).toBe('yes');
  });

  it('waits no longer than it was told, and then does not even ask', async () => {
    const breaker = new CircuitBreaker(5);
    expect(await breaker.call(() => never)).toBeNull();
    let asked = false;
    expect(await breaker.call(() => Promise.resolve((asked = true)))).toBeNull();
    expect(asked).toBe(false);
  });

  it('forgives as many waits in vain as it was told, counted from the last answer', async () => {
    const breaker = new CircuitBreaker(5, 2);
    const ask = (): Promise<string> => Promise.resolve('yes');
    expect(await breaker.call(() => never)).toBeNull();
    expect(await breaker.call(ask)).toBe('yes');
    expect(await breaker.call(() => never)).toBeNull();
    expect(await breaker.call(() => never)).toBeNull();
    expect(await breaker.call(ask)).toBeNull();
  });

  it('takes a failure for an absence', async () => {
    const breaker = new CircuitBreaker(1_000);
    expect(await breaker.call(() => Promise.reject(new Error('gone')))).toBeNull();
    expect(await breaker.call(() => Promise.resolve('back'))).toBeNull();
  });
});
