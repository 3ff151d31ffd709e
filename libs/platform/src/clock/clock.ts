import { businessMsAt, instantMsOf, realMsUntil, REAL_TIME, toShanghaiIso, type Pace } from '@qiyue/engine';

/** What time it is for the county. The machine's time, but in a rehearsal. */
export interface Clock {
  /** ms since 1970. */
  nowMs(): number;
  /** The same for a moment of the machine's clock, as of a message's arrival: ISO 8601 to ISO 8601 with +08:00. */
  businessTimeOf(realTime: string): string;
  /** How long the machine has to wait until then; 0 when it has come, ms. */
  realMsUntil(businessMs: number): number;
  /** For workflows, whose time is their own; undefined outside a rehearsal. */
  readonly pace: Pace | undefined;
}

const clockAt = (pace: Pace | undefined): Clock => ({
  nowMs: () => Math.floor(businessMsAt(pace ?? REAL_TIME, Date.now())),
  businessTimeOf: (realTime) => (pace === undefined ? realTime : toShanghaiIso(Math.floor(businessMsAt(pace, instantMsOf(realTime))))),
  realMsUntil: (businessMs) => Math.max(0, realMsUntil(pace ?? REAL_TIME, Date.now(), businessMs)),
  pace,
});

export const systemClock: Clock = clockAt(undefined);
export const pacedClock = (pace: Pace): Clock => clockAt(pace);

export const REHEARSAL_DATABASE = 'rehearsal';

/** `2026-01-05T01:00:00Z/2025-01-20T08:00:00+08:00/60000`: from that real moment on it is that business time, so many times as fast. */
export const parsePace = (text: string): Pace | null => {
  const [real = '', business = '', factor = '', ...rest] = text.split('/');
  const pace = { realMs: instantMsOf(real), businessMs: instantMsOf(business), factor: Number(factor) };
  const isPace = rest.length === 0 && factor !== '' && Object.values(pace).every(Number.isFinite) && pace.factor >= 1;
  return isPace ? pace : null;
};

export const formatPace = ({ realMs, businessMs, factor }: Pace): string =>
  `${new Date(realMs).toISOString()}/${new Date(businessMs).toISOString()}/${factor}`;

/** What of the settings says which time it is. */
export interface ClockSettings {
  readonly QIYUE_REHEARSAL_CLOCK?: Pace | undefined;
  readonly QIYUE_MONGODB_DATABASE: string;
}

/**
 * The clock of a process. A rehearsal's time needs a database whose name begins with `rehearsal` and is refused where
 * `NODE_ENV` says production: a county's data never meets it, whatever is left over in an environment.
 */
export const clockOf = (settings: ClockSettings, nodeEnv: string | undefined = process.env['NODE_ENV']): Clock => {
  const { QIYUE_REHEARSAL_CLOCK: pace, QIYUE_MONGODB_DATABASE: database } = settings;
  if (pace === undefined) return systemClock;
  if (nodeEnv === 'production') throw new Error('settings refused:\n  QIYUE_REHEARSAL_CLOCK: not in production (NODE_ENV)');
  if (!database.startsWith(REHEARSAL_DATABASE)) {
    throw new Error(`settings refused:\n  QIYUE_REHEARSAL_CLOCK: only with a QIYUE_MONGODB_DATABASE that begins with "${REHEARSAL_DATABASE}"`);
  }
  return pacedClock(pace);
};
