import { TableStore } from '@qiyue/edge';
import { toShanghaiIso, type Pace } from '@qiyue/engine';
import type { PolicyDocument } from '@qiyue/civic-domain';
import { startSystem, type AppName, type System } from '@qiyue/testkit';
import { paceOf } from './expected-ladder';
import type { Ladder } from './ladders';

/** A system on a time of its own, and what its policy promises. */
export interface Rehearsal {
  readonly system: System;
  readonly ladder: Ladder;
  readonly pace: Pace;
}

/** Those that hand out the policy with a submit. */
const LENDERS: readonly AppName[] = ['api', 'intake'];

/** A whole ladder takes `ladderMs`. The system is stopped in any case. */
export const rehearse = async <T>(ladder: Ladder, ladderMs: number, run: (rehearsal: Rehearsal) => Promise<T>): Promise<T> => {
  const pace = paceOf(ladder, ladderMs);
  const system = await startSystem({ pace, without: LENDERS });
  try {
    if (ladder.policy !== null) await putInForce(system, ladder.policy, toShanghaiIso(pace.businessMs));
    await Promise.all(LENDERS.map((name) => system.app(name).restart()));
    return await run({ system, ladder, pace });
  } finally {
    await system.stop();
  }
};

/** As if it had long been in force: a re-timing would give each need a command of its own. */
const putInForce = async (system: System, document: PolicyDocument, at: string): Promise<void> => {
  const store = new TableStore(system.store.db);
  const imported = await store.import({ kind: 'policy', document, at, by: 'campaign' });
  if (!imported.ok) throw new Error(imported.why);
  await store.noteRetiming(imported.serial);
};
