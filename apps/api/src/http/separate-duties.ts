import { dutyFor, type DutyHolders, type Duty } from '@qiyue/edge';
import type { Actor } from '@qiyue/engine';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { actorOf, dutiesOf } from './authenticate';
import { Problem } from './problem';
import { unlessAway } from './unless-away';

/** Roles that duties are of. Anybody else is turned away by the routes themselves. */
const STAFF: ReadonlySet<string> = new Set(['operator', 'supervisor', 'centre']);

/**
 * Keeps keys and directory, approvals, and the reading of the audit in different hands. A credential that names two of them has none, one that names
 * one has that alone. With `holders` an operator's has to name one, and whoever has held one lately gets no other, whatever their tokens say.
 */
export const separateDuties =
  (holders: Pick<DutyHolders, 'take'> | null): RequestHandler =>
  async (req: Request, _res: Response, next: NextFunction): Promise<void> => {
    const duty = dutyFor(req.method, `${req.baseUrl}${req.path}`);
    if (duty === null) return next();
    try {
      next(await problemFor(duty, actorOf(req), dutiesOf(req), holders));
    } catch (error) {
      next(error);
    }
  };

const problemFor = async (
  duty: Duty,
  { id, role }: Actor,
  named: readonly Duty[],
  holders: Pick<DutyHolders, 'take'> | null,
): Promise<Problem | undefined> => {
  if (named.length > 1) return Problem.edge('duties-joined');
  if (named.length === 1 && named[0] !== duty) return Problem.refused({ code: 'not-permitted' });
  if (holders === null || !STAFF.has(role)) return undefined;
  if (named.length === 0 && role === 'operator') return Problem.refused({ code: 'not-permitted' });
  return (await unlessAway(holders.take(id, duty))) ? undefined : Problem.edge('duties-joined');
};
