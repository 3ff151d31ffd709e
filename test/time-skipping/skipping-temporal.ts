import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SEARCH_ATTRIBUTES, testServerFolder } from '@qiyue/stack';
import { quietRuntime } from '@qiyue/testkit';

/** A Temporal of its own whose clock stands still or jumps: weeks pass in a second, timer by timer. */
export interface SkippingTemporal {
  readonly address: string;
  /** The server's clock, ms. */
  readonly nowMs: () => Promise<number>;
  /** Lets so much time pass; timers fire on their way, and what they cause is done. */
  readonly pass: (ms: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** `IndexedValueType` of Temporal's API. */
const VALUE_TYPE = { Keyword: 2, Datetime: 6 } as const;

/** Throws one sentence when Java, or Maven for the first time, is missing. */
export const startSkippingTemporal = async (): Promise<SkippingTemporal> => {
  const { folder, lack } = await testServerFolder();
  if (lack !== undefined) throw new Error(`tests that skip time need ${lack}`);
  const scripts = mkdtempSync(join(tmpdir(), 'qiyue-skipping-'));
  const path = join(scripts, 'temporal-test-server');
  writeFileSync(path, `#!/bin/sh\nexec java -cp '${join(folder, 'lib')}/*' io.temporal.testserver.TestServer "$@"\n`, { mode: 0o755 });
  quietRuntime();
  const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
  const searchAttributes = Object.fromEntries(Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, VALUE_TYPE[type]]));
  await environment.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
  return {
    address: environment.address,
    nowMs: () => environment.currentTimeMs(),
    pass: (ms) => environment.sleep(ms),
    stop: async () => {
      await environment.teardown();
      rmSync(scripts, { recursive: true, force: true });
    },
  };
};
