/**
 * The broker, or the client in front of it, blames the records themselves: sent again they would be refused again. Of a batch it
 * says only that one of them is at fault, or that they are too many for one batch.
 */
export class RecordsRefused extends Error {
  override readonly name = 'RecordsRefused';

  /** `why`: a code, never what a record says. */
  constructor(readonly why: string) {
    super(why);
  }
}

/** An answer that may be about the records or about the server: tried some times more before the records are blamed. */
export class AnswerUnclear extends Error {
  override readonly name = 'AnswerUnclear';

  constructor(readonly why: string) {
    super(why);
  }
}
