/** 10^13 fen, 100 billion yuan: far above any budget of a county. */
export const AMOUNT_FEN_MAX = 10_000_000_000_000;

/** Whole fen, from `least` up to the most that there can be. */
export const isAmountFen = (amountFen: number, least = 1): boolean =>
  Number.isSafeInteger(amountFen) && amountFen >= least && amountFen <= AMOUNT_FEN_MAX;
