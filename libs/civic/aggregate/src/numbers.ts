import { behindDay } from '@qiyue/civic-domain';
import { numbered, type Numbered } from '@qiyue/civic-views';

/** What an entity of a numbered kind is found by in its read model, beside the document: see `Listing.isNumbered`. */
export interface NumberKeys extends Numbered {
  /** The number without its day. */
  readonly code: string;
}

export const numberKeysOf = (id: string, createdAt: string): NumberKeys => {
  const { number } = numbered(id, createdAt);
  return { number, code: behindDay(number) };
};

/** The indexes that these keys want. */
export const NUMBER_INDEXES = [{ 'keys.number': 1 }, { 'keys.code': 1 }] as const;
