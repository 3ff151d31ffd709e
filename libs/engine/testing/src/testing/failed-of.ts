import type { ConformanceCheck } from '../conformance/check';

/** Names of the checks that an adapter does not pass. */
export const failedOf = async (checks: readonly ConformanceCheck[]): Promise<readonly string[]> => {
  const failed = await Promise.all(
    checks.map(({ name, run }) =>
      run().then(
        () => [],
        () => [name],
      ),
    ),
  );
  return failed.flat();
};
