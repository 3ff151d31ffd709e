import { CommandLog, ParkedReactions, ReactionProgress, RefusedReactions, skipReaction, type LedgerStore } from '@qiyue/engine-runtime';
import { CliError } from '../context';
import { inWords } from '../show/language';
import { BUSY } from '../show/sentences';

/** An attempt takes three seconds for each command that gets no outcome, and a pause is behind it. */
const FREE_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 200;

/** What the reactions to a source stand at is given up. Answers what becomes of it; throws a sentence when that cannot be now. */
export const giveReactionUp = async (store: LedgerStore, source: string): Promise<string> => {
  const { db } = store;
  const own = { parked: new ParkedReactions(db), refused: new RefusedReactions(db), progress: new ReactionProgress(db) };
  const ports = { ...own, ledger: store, commandLog: new CommandLog(store) };
  let skipped = await skipReaction(ports, source);
  for (const untilMs = Date.now() + FREE_WITHIN_MS; skipped === 'busy' && Date.now() < untilMs; skipped = await skipReaction(ports, source))
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  if (skipped === 'busy') throw new CliError(inWords(BUSY));
  if (skipped === null)
    throw new CliError(
      inWords({ 'zh-CN': '它已不再搁置：其记录的后续正在进行', en: 'it is not parked any more: what follows from its records goes on' }),
    );
  if (skipped === 'nothing-to-skip')
    throw new CliError(
      inWords({
        'zh-CN': '没有等待的命令：请修复其记录的问题，或换用较新的版本，它会继续',
        en: 'no command waits: mend what is wrong with its records, or bring the newer release, and it goes on',
      }),
    );
  return inWords({
    'zh-CN': '自此跳过；之后各条记录的后续即将继续',
    en: 'it is left out from now on; what follows from later records goes on within a moment',
  });
};
