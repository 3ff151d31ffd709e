/** One promise of a port, as something that can be run. No test framework inside: give `name` and `run` to any. */
export interface ConformanceCheck {
  /** A full sentence, after the name of the port: `a ledger … keeps what it was given`. */
  readonly name: string;
  /** Rejects with `AssertionError` where the adapter breaks the promise, and with the adapter's own error where that fails. */
  readonly run: () => Promise<void>;
}
