import type { RetimeRuns, TableStore } from '@qiyue/edge';
import type { Logger } from '@qiyue/platform';

export interface RetimeKeeperParts {
  readonly tables: Pick<TableStore, 'unfinishedRetiming' | 'noteFinished'>;
  readonly runs: Pick<RetimeRuns, 'start' | 'standing'>;
  readonly log: Pick<Logger, 'warn'>;
}

/** What is lacking at one look only may just be on its way: an import comes a moment before its re-timing. */
const LOOKS_BEFORE = 2;

/**
 * Sees to it that what was imported comes to every open entity: a re-timing that was ended by somebody, or lost with Temporal's data, is begun again.
 * Each entity takes it once, however often it is begun.
 */
export class RetimeKeeper {
  private lacking: { readonly serial: number; readonly looks: number } | null = null;

  constructor(private readonly parts: RetimeKeeperParts) {}

  /** Answers the serial whose re-timing was begun again; null when there was nothing to do. */
  async look(): Promise<number | null> {
    const { tables, runs, log } = this.parts;
    const serial = await tables.unfinishedRetiming();
    const standing = serial === null ? 'finished' : await runs.standing(serial);
    if (serial !== null && standing === 'finished') await tables.noteFinished(serial);
    if (serial === null || standing !== 'lost') {
      this.lacking = null;
      return null;
    }
    const looks = this.lacking?.serial === serial ? this.lacking.looks + 1 : 1;
    this.lacking = { serial, looks };
    if (looks < LOOKS_BEFORE) return null;
    log.warn({ serial }, 'a re-timing was lost on its way: it is begun again');
    await runs.start({ serial, importedAt: new Date().toISOString() });
    this.lacking = null;
    return serial;
  }
}
