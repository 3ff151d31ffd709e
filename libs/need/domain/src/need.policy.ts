import { HOUR_MS, instantMsOf, plusMs, type Context } from '@qiyue/engine';

/** Windows in plain hours, until the working-day calendar comes. */
export interface NeedPolicy {
  readonly version: string;
  readonly claimHours: number;
  readonly fundHours: number;
  /** From funding to done; a promised date counts when it is earlier. */
  readonly doneHours: number;
  readonly evaluateHours: number;
  /** How long after a claim or a reopening the lead may give the need back. */
  readonly returnHours: number;
  /** How long an evaluated need can still be reopened by hand. */
  readonly closeHours: number;
}

/** Two working days to claim, three to fund, 13 to be done, five to evaluate, two to return: each as 24 hours. */
export const DEFAULT_POLICY: NeedPolicy = {
  version: 'default-hours-1',
  claimHours: 48,
  fundHours: 72,
  doneHours: 312,
  evaluateHours: 120,
  returnHours: 48,
  closeHours: 720,
};

type Window = Exclude<keyof NeedPolicy, 'version'>;
const WINDOWS: readonly Window[] = ['claimHours', 'fundHours', 'doneHours', 'evaluateHours', 'returnHours', 'closeHours'];
const HOURS_MAX = 87_600; // ten years: keeps every deadline a valid date

/** The policy that the caller passed as table `policy`, or the default when there is none or it is malformed. */
export const policyOf = (context: Context): NeedPolicy => {
  const table = context.tables['policy'];
  return isPolicy(table) ? table : DEFAULT_POLICY;
};

const isPolicy = (table: unknown): table is NeedPolicy => {
  if (typeof table !== 'object' || table === null) return false;
  const fields = table as Readonly<Record<string, unknown>>;
  return typeof fields['version'] === 'string' && fields['version'] !== '' && WINDOWS.every((name) => isWindow(fields[name]));
};

const isWindow = (hours: unknown): boolean => typeof hours === 'number' && hours > 0 && hours <= HOURS_MAX;

/** End of a window that starts now, ISO 8601 with +08:00. */
export const windowEnd = (context: Context, window: Window): string => plusMs(context.now, policyOf(context)[window] * HOUR_MS);

export const isAfter = (a: string, b: string): boolean => instantMsOf(a) > instantMsOf(b);
export const earlierOf = (a: string, b: string): string => (isAfter(a, b) ? b : a);
export const isInstant = (iso: string): boolean => !Number.isNaN(instantMsOf(iso));
