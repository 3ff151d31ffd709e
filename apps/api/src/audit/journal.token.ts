/** The journal of this process: what is recorded beside the needs. */
export const JOURNAL = Symbol('journal');
