/** Code that nobody can run: each of its workflow tasks fails. */
export const loan = (): Promise<void> => {
  throw new TypeError('broken');
};
