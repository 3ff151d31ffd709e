import type { Command } from 'commander';
import { restoreFromTopic, type Restoration, type Witnessed } from '@qiyue/adapters';
import { eventTopicOf, STANDING_QUERY_NAME, workflowIdOf, type EntityStanding } from '@qiyue/engine';
import { CliError, print, printJsonLine } from '../context';
import { kafkaWitness, ledgersOf, withJournal } from './audit-place';
import { withTemporal } from './temporal-place';

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}
type Anchor = { readonly seq: number; readonly hash: string };

export const addRestoreCommand = (audit: Command): void => {
  audit
    .command('restore')
    .description('put records back that were deleted or changed in the database, out of the events topic')
    .argument('<id>', 'the need, or a stream of the journals')
    .requiredOption('--from-topic', 'only what fits, record by record, into the chain up to where feed, checkpoint and workflow know that it ends')
    .option('--dry-run', 'say what would be put back, and change nothing')
    .option('--json', 'print as JSON')
    .action(run);
};

const run = async (entity: string, { dryRun = false, json = false }: Options): Promise<void> => {
  const witness = kafkaWitness();
  if (witness === null) throw new CliError('no Kafka: start the system with `npx qiyue up --detach`, or set QIYUE_KAFKA_BROKERS');
  const restoration = await withJournal(async (store, journal) => {
    let last: Restoration = { ok: false, why: 'no-such-entity' };
    for (const ledger of ledgersOf(store)) {
      const deps = {
        store: ledger.store,
        copiesOf: (of: string) => witness.recordsOf(of, ledger.aggregates.map(eventTopicOf)),
        anchorsOf: (of: string) => anchorsOf(ledger, of),
        record: (records: readonly Anchor[]) =>
          journal.insist({ type: 'LedgerRestored', data: { needId: entity, records: records.map(({ seq, hash }) => ({ seq, hash })) } }),
      };
      last = await restoreFromTopic(deps, entity, { dryRun });
      if (last.ok || last.why !== 'no-such-entity') return last;
    }
    return last;
  });
  if (json) printJsonLine({ entity, ...restoration });
  else print(lineOf(entity, restoration, dryRun));
  process.exitCode = restoration.ok ? 0 : 1;
};

/** What was signed, and what the workflow itself says; one that cannot be asked says nothing. */
const anchorsOf = async ({ folder, aggregates }: Witnessed, entity: string): Promise<readonly Anchor[]> => {
  const end = (await folder.read())?.chain.ends.of(entity);
  const standings = await Promise.all(aggregates.map((aggregate) => standingOf(aggregate, entity)));
  return [...(end === undefined ? [] : [{ seq: end.seq, hash: end.hash }]), ...standings.flat()];
};

const standingOf = async (aggregate: string, entity: string): Promise<readonly Anchor[]> => {
  const asked = withTemporal((client) => client.workflow.getHandle(workflowIdOf(aggregate, entity)).query<EntityStanding, []>(STANDING_QUERY_NAME));
  const standing = await asked.catch(() => null);
  // What it has not handed over yet is nowhere else, and one that contradicts the ledger knows less than the ledger.
  if (standing === null || standing.seq === 0 || standing.unconfirmed > 0 || standing.isDiverged) return [];
  return [{ seq: standing.seq, hash: standing.hash }];
};

const lineOf = (entity: string, restoration: Restoration, dryRun: boolean): string => {
  if (restoration.ok) {
    const { seq, restored } = restoration;
    if (restored.length === 0) return `${entity}: all ${seq} records are there and fit; nothing was to be put back`;
    return `${entity}: seq ${restored.join(', ')} of ${seq} ${dryRun ? 'would be put back' : 'put back'}; \`npx qiyue audit verify --entity ${entity}\` shows it`;
  }
  if (restoration.why === 'no-such-entity') throw new CliError(`neither ledger, feed nor a checkpoint knows ${entity}`);
  if (restoration.why === 'topic-away') throw new CliError('the events topic cannot be read');
  const { why, seq } = restoration;
  return `${entity} stays as it is: ${WORDS[why]} at seq ${seq}`;
};

const WORDS = {
  'does-not-close': 'neither ledger nor topic has a record that fits',
  'contradicts-witness': 'what fits is not what a checkpoint or the workflow names',
  ambiguous: 'two histories fit, and no witness tells which is true,',
} as const;
