/**
 * A rehearsal's time: from a moment on, business time runs `factor` times as fast as the machine's clock. Only demos and
 * tests have one; without it both are the same.
 */
export interface Pace {
  /** Machine time at which the rehearsal's begins, ms. */
  readonly realMs: number;
  /** The business time of that moment, ms. */
  readonly businessMs: number;
  /** Business ms per machine ms, at least 1. */
  readonly factor: number;
}

/** No rehearsal: business time is the machine's. */
export const REAL_TIME: Pace = { realMs: 0, businessMs: 0, factor: 1 };

/** Business time at a moment of machine time, ms. */
export const businessMsAt = ({ realMs, businessMs, factor }: Pace, atRealMs: number): number => businessMs + (atRealMs - realMs) * factor;

/** How long the machine has to wait from `atRealMs` until business time is `untilBusinessMs`; 0 or less when it has come, ms. */
export const realMsUntil = (pace: Pace, atRealMs: number, untilBusinessMs: number): number =>
  Math.ceil((untilBusinessMs - businessMsAt(pace, atRealMs)) / pace.factor);
