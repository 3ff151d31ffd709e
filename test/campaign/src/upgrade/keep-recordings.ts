import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { outcomesOf } from '@qiyue/audit';
import { workflowIdOf } from '@qiyue/engine';
import type { System } from '@qiyue/testkit';
import type { Merge, OpenNeeds } from './open-needs';
import { withTemporal } from './with-temporal';

/**
 * Writes down how an earlier release left some needs: the history of the run that is open, and what the ledger holds. One of each kind that a merge
 * leaves behind, by the name of its file.
 */
export const keepRecordings = (system: System, { merges }: OpenNeeds, halfMerged: readonly Merge[], folder: string): Promise<void> =>
  withTemporal(system, async (client) => {
    const { store } = system;
    const historyOf = (entity: string) => client.workflow.getHandle(workflowIdOf('need', entity)).fetchHistory();
    const keep = async (name: string, entity: string | undefined): Promise<void> => {
      if (entity === undefined) throw new Error(`nothing was left that could be kept as ${name}`);
      const history = await historyOf(entity);
      const records = (await store.stream(entity)).map(({ seq, hash, canonical }) => ({ seq, hash, canonical }));
      const ledger = { records, outcomes: Object.fromEntries(await outcomesOf(store, history)) };
      writeFileSync(join(folder, `${name}.json`), `${historyToJSON(history)}\n`);
      writeFileSync(join(folder, `${name}.records.json`), `${JSON.stringify(ledger, null, 2)}\n`);
    };
    const adopters = new Set((await store.ledger.find({ type: 'NeedAdopted' }).toArray()).map(({ entity }) => entity));
    const whole = merges.filter(({ into }) => adopters.has(into) && !halfMerged.some((half) => half.into === into)).map(({ into }) => into);
    const carrying: string[] = [];
    for (const entity of whole) {
      const started = (await historyOf(entity)).events?.[0]?.workflowExecutionStartedEventAttributes;
      if ((started?.continuedExecutionRunId ?? '') !== '') carrying.push(entity);
    }
    mkdirSync(folder, { recursive: true });
    await keep('half-merged-source', halfMerged[0]?.from);
    await keep('half-merged-target', halfMerged[0]?.into);
    await keep(
      'adopted',
      whole.find((entity) => !carrying.includes(entity)),
    );
    await keep('adopted-continued', carrying[0]);
  });
