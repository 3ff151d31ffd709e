import type { EngineRefusal } from '@qiyue/engine';
import type { NeedRefusal } from '@qiyue/need-domain';

/** `too-large`: whose event could not be published; the edge says so too, before anybody is asked. */
export type RefusalCode = NeedRefusal | EngineRefusal;

/** A Record, not a look-up with a default: a new refusal does not compile until someone chooses its status. */
export const REFUSAL_STATUS: Readonly<Record<RefusalCode, 403 | 404 | 409 | 413 | 422 | 500 | 503>> = {
  'not-permitted': 403,
  'wrong-stage': 409,
  'invalid-body': 422,
  'nothing-to-amend': 409,
  'same-need': 409,
  'has-adopted': 409,
  'target-not-live': 409,
  'too-late': 409,
  'decision-missing': 409,
  'over-budget': 409,
  'already-started': 409,
  'already-evaluated': 409,
  'already-signed': 409,
  'already-joined': 409,
  'already-shared': 409,
  'already-paused': 409,
  'not-paused': 409,
  'already-extended': 409,
  'too-long': 409,
  'no-request': 409,
  'no-deadline': 409,
  'too-large': 413,
  'key-reused': 422,
  busy: 503,
  quarantined: 503,
  diverged: 503,
  'rules-unknown': 503,
  'sequence-mismatch': 409,
  'not-found': 404,
  failed: 500,
};

export const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(REFUSAL_STATUS, code);
