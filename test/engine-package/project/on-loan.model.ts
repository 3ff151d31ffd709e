import { eventOf, type RecordBody } from '@qiyue/engine';
import type { ReadModel } from '@qiyue/engine-runtime';
import type { LoanEvent } from '../../loan/loan.decider.js';

export interface LoanCard {
  readonly book: string;
  readonly isOut: boolean;
  readonly dueAt: string | null;
  readonly renewals: number;
}

const UNWRITTEN: LoanCard = { book: '', isOut: false, dueAt: null, renewals: 0 };

const fold = (card: LoanCard | null, body: RecordBody): LoanCard => {
  const before = card ?? UNWRITTEN;
  const event = eventOf<LoanEvent>(body);
  switch (event.type) {
    case 'BookLent':
      return { ...before, book: event.data.book, isOut: true, dueAt: event.data.dueAt };
    case 'LoanRenewed':
      return { ...before, dueAt: event.data.dueAt, renewals: before.renewals + 1 };
    case 'ReminderSent':
      return before;
    case 'BookBroughtBack':
      return { ...before, isOut: false, dueAt: null };
  }
};

/** Who has which book: one document per loan, found by book. */
export const onLoan: ReadModel<LoanCard> = { name: 'onLoan', aggregate: 'loan', version: 1, fold, indexes: [{ 'view.book': 1 }] };
