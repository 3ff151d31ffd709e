import { ApplicationFailure } from '@temporalio/common';
import { MongoError } from 'mongodb';
import {
  DIVERGED,
  GENESIS_HASH,
  type Agreement,
  type AppendActivities,
  type AppendRequest,
  type AppendResult,
  type FlushResult,
} from '@qiyue/engine';
import type { Incidents } from '../incidents/incidents';
import { Appender } from './appender';
import { NotTaken, type LedgerStore } from './ledger-store';
import { isOtherState } from './other-state';

/** What the activities of a worker need. */
export interface AppendPorts {
  readonly store: LedgerStore;
  readonly incidents?: Pick<Incidents, 'note' | 'clear'>;
}

/** Neither a timer nor what follows from an unconfirmed state waits longer for a ledger that is away. */
const ASK_WITHIN_MS = 400;
const APPEND_WITHIN_MS = 1_000;
/** The first times may be a command that came between. */
const NOTED_AFTER = 2;
const NOTHING_NEW: AppendResult = { status: 'appended', confirmation: { seq: 0, hash: GENESIS_HASH, ordinal: 0 } };

/** The workflow's own road to the ledger: for what no caller confirmed, for what timers gave, and to ask whether it agrees. */
export const appendActivities = (ports: AppendPorts): AppendActivities => {
  const appender = new Appender(ports.store, { checksOutcomes: true, notesForks: false });
  const watched = new WatchedAppends(ports, (request) => appender.append(request));
  return {
    appendEntries: async (request) => {
      if (request.agreement !== undefined) return agree(ports, request, request.agreement);
      const result = request.isPatient === true ? await watched.append(request) : await bounded(APPEND_WITHIN_MS, () => watched.append(request));
      if (result === null) return { status: 'away' };
      if (result.status === 'fork') return contradicted(ports, request, result.why, result.seq);
      if ((request.timesInVain ?? 0) >= NOTED_AFTER) await note(ports, request, 'flush-stuck', 'confirmed nothing');
      return result;
    },
  };
};

/** A ledger that is there and does not take what was answered is told from one that is away: nothing of that entity gets any further until somebody looks. */
class WatchedAppends {
  private readonly noted = new Set<string>();

  constructor(
    private readonly ports: AppendPorts,
    private readonly doAppend: (request: AppendRequest) => Promise<AppendResult>,
  ) {}

  async append(request: AppendRequest): Promise<AppendResult> {
    const { entity } = request;
    try {
      const result = await this.doAppend(request);
      if (this.noted.delete(entity)) await this.ports.incidents?.clear('append-stuck', entity);
      return result;
    } catch (error) {
      if (error instanceof NotTaken) {
        this.noted.add(entity);
        await note(this.ports, request, 'append-stuck', `MongoDB ${error.code}`);
      }
      throw error;
    }
  }
}

const agree = async (ports: AppendPorts, request: AppendRequest, agreement: Agreement): Promise<FlushResult> => {
  if (agreement.isDiverged) return contradicted(ports, request, 'replay-differs', agreement.seq);
  const isSame = await bounded(ASK_WITHIN_MS, () => holds(ports.store, request.entity, agreement));
  if (isSame === null) return { status: 'away' };
  return isSame ? NOTHING_NEW : contradicted(ports, request, 'replay-differs', agreement.seq);
};

/** Whether the ledger ends at one of the places where it can while it agrees, and the state there is the one that was answered from. */
const holds = async (store: LedgerStore, entity: string, { openEnds, digests }: Agreement): Promise<boolean> => {
  const [found, last] = await Promise.all([store.head(entity), store.lastOutcome(entity)]);
  const head = found ?? { seq: 0, hash: GENESIS_HASH };
  return openEnds.some(({ seq, hash }) => seq === head.seq && hash === head.hash) && !isOtherState(digests, last);
};

/** Null when the ledger is away. */
const bounded = async <T>(ms: number, ask: () => Promise<T>): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    if (error instanceof MongoError || error instanceof NotTaken) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
};

const contradicted = async (ports: AppendPorts, request: AppendRequest, why: string, seq: number): Promise<never> => {
  if (request.agreement === undefined || request.agreement.isDiverged || (request.timesInVain ?? 0) >= NOTED_AFTER)
    await note(ports, request, 'diverged', why, seq);
  throw ApplicationFailure.nonRetryable('the ledger holds something else than this run', DIVERGED);
};

const note = async (
  { incidents }: AppendPorts,
  { entity }: AppendRequest,
  kind: 'diverged' | 'flush-stuck' | 'append-stuck',
  why: string,
  seq?: number,
): Promise<void> => incidents?.note({ kind, subject: entity, entity, why, ...(seq === undefined ? {} : { seq }) });
