import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { confirmed } from './confirmed';

const terminal = (typed: string | null) => {
  const [input, output] = [Object.assign(new PassThrough(), { isTTY: true }), Object.assign(new PassThrough(), { isTTY: true })];
  if (typed === null) input.end();
  else input.write(typed);
  return { input, output };
};

it.each([
  ['y\n', true],
  ['是\n', true],
  [' YES \n', true],
  ['\n', false],
  ['n\n', false],
  ['yellow\n', false],
  [null, false],
])('goes on at %j: %s', async (typed, goesOn) => {
  expect(await confirmed('en', terminal(typed))).toBe(goesOn);
});

it('asks nobody where there is no terminal', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  expect(await confirmed('en', { input, output })).toBe(true);
  expect(output.read()).toBeNull();
});
