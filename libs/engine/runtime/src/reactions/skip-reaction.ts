import { reactionCommandId, REACTION_ACTOR, toShanghaiIso } from '@qiyue/engine';
import type { CommandLog } from '../commands/command-log';
import type { LedgerStore } from '../ledger/ledger-store';
import type { ParkedReaction, ParkedReactions } from './parked-reactions';
import type { ReactionProgress } from './reaction-progress';
import type { RefusedReactions } from './refused-reactions';
import { REWRITTEN } from './source-records';

/** What giving up takes. */
export interface SkipReactionPorts {
  readonly parked: Pick<ParkedReactions, 'lease' | 'find' | 'retryNow'>;
  readonly refused: Pick<RefusedReactions, 'noteSkipped'>;
  readonly progress: Pick<ReactionProgress, 'of' | 'goOnFrom'>;
  readonly ledger: Pick<LedgerStore, 'stream' | 'head'>;
  readonly commandLog: Pick<CommandLog, 'noteDead'>;
}

/** `nothing-to-skip`: no command waits, and what is wrong is wrong with the source itself. `busy`: it is being tried this very moment. */
export type Skipped = ParkedReaction | 'nothing-to-skip' | 'busy' | null;

const BY = 'skip';

/**
 * An operator gives up what the reactions to a source stand at. A command: it is passed by from now on, its id says `dead`, and the source goes on with what
 * follows; it may have taken effect all the same. A history that is not the one that was reacted to: the source goes on behind what the ledger holds there.
 *
 * Contract: the source goes on last, so nothing is forgotten should this break off; it may be skipped again. Null: it is not parked. Rejects when MongoDB is away.
 */
export const skipReaction = async (ports: SkipReactionPorts, entity: string): Promise<Skipped> => {
  const row = await ports.parked.lease(entity, BY);
  if (row === null) return (await ports.parked.find(entity)) === null ? null : 'busy';
  const isSkipped = row.command === null ? await skipRewritten(ports, row) : await skipCommand(ports, row, row.command);
  await ports.parked.retryNow(entity, BY);
  return isSkipped ? row : 'nothing-to-skip';
};

const skipCommand = async (
  { refused, commandLog }: SkipReactionPorts,
  { _id: entity, aggregate, seq, why }: ParkedReaction,
  command: NonNullable<ParkedReaction['command']>,
): Promise<true> => {
  const { commandId } = command;
  const reaction = commandId.slice(reactionCommandId({ entity, seq }, '').length).split('/')[0] ?? '';
  await refused.noteSkipped({ _id: commandId, source: { aggregate, entity, seq }, reaction, command, why });
  const empty = { fingerprint: '', actor: REACTION_ACTOR, channel: 'system' as const, receivedAt: toShanghaiIso(Date.now()), code: 'skipped' };
  await commandLog.noteDead({ _id: commandId, aggregate: command.aggregate, entity: command.entity, type: command.type, ...empty });
  return true;
};

const skipRewritten = async ({ progress, ledger }: SkipReactionPorts, { _id: entity, aggregate, why }: ParkedReaction): Promise<boolean> => {
  if (why !== REWRITTEN) return false;
  const reacted = (await progress.of([entity])).get(entity);
  if (reacted === undefined) return true;
  const [there] = await ledger.stream(entity, reacted.seq, reacted.seq);
  await progress.goOnFrom(entity, aggregate, there ?? (await ledger.head(entity)));
  return true;
};
