import { Denials, SUMS_ONLY } from './denials';
import { PROCESS_ACTOR } from './facts';
import type { Journal } from './journal';
import type { Source } from './source';

/** Counts requests without a good token and records them in sums by reason and source, so that whoever knocks a thousand times fills no ledger. */
export class RefusedTokens {
  private readonly sums: Denials;

  constructor(journal: Pick<Journal, 'record'>) {
    this.sums = new Denials(journal, SUMS_ONLY);
  }

  add(why: string, from: Source | null = null): void {
    void this.sums.add(PROCESS_ACTOR, { type: 'TokensRefused', data: { why, times: 1 } }, from);
  }

  tell(): void {
    this.sums.tell();
  }
}
