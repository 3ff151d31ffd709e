import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockOwner, tryLock, unlock } from '../base/owner-lock';
import type { ProcessIdentity } from '../base/process-identity';
import { StackError } from '../base/stack-error';
import { stopLeftovers } from './leftovers';

const lockOf = (dataDir: string): string => join(dataDir, 'owner.lock');

/** The living process that runs servers on the data folder. */
export const ownerOfDataDir = (dataDir: string): ProcessIdentity | null => lockOwner(lockOf(dataDir));

/** Takes the data folder for this process and stops what a dead owner left running. Throws when a living one has it. */
export const ownDataDir = async (dataDir: string): Promise<readonly string[]> => {
  mkdirSync(dataDir, { recursive: true });
  if (!tryLock(lockOf(dataDir))) throw new StackError(`another process runs its servers on ${dataDir}`);
  try {
    return await stopLeftovers(dataDir);
  } catch (error) {
    unlock(lockOf(dataDir));
    throw error;
  }
};

export const releaseDataDir = (dataDir: string): void => unlock(lockOf(dataDir));
