import { expect, it } from '@jest/globals';
import type { Same } from './same';

it('lets no difference between two types compile, in either direction', () => {
  const same: Same<{ a: string; b?: number }, { readonly a: string; readonly b?: number }> = true;
  // @ts-expect-error one field less on the left
  const less: Same<{ a: string }, { a: string; b: number }> = true;
  // @ts-expect-error one field less on the right
  const more: Same<{ a: string; b: number }, { a: string }> = true;
  // @ts-expect-error optional here, required there
  const optional: Same<{ a?: string }, { a: string }> = true;
  // @ts-expect-error wider here
  const wider: Same<{ a: 'x' | 'y' }, { a: 'x' }> = true;
  expect([same, less, more, optional, wider]).toHaveLength(5);
});
