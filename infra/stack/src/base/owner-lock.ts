import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCodeOf, isMissing } from './json-file';
import { isAlive, ownIdentity, processIdentity, type ProcessIdentity } from './process-identity';

const ownerOf = (path: string): ProcessIdentity | null => {
  try {
    const parsed = processIdentity.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
};

/** Who holds the lock and lives; null when nobody does. */
export const lockOwner = (path: string): ProcessIdentity | null => {
  const owner = ownerOf(path);
  return owner !== null && isAlive(owner) ? owner : null;
};

// A link appears with its content: nobody ever reads a lock that is still empty.
const tryCreate = (path: string): boolean => {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, JSON.stringify(ownIdentity()));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
};

// Two may find the same dead owner: only one wins the rename, and a living owner caught by mistake is put back.
const removeDead = (path: string): void => {
  const aside = `${path}.${process.pid}.dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if (lockOwner(aside) !== null) {
    try {
      linkSync(aside, path);
    } catch (error) {
      if (errorCodeOf(error) !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
};

/** Takes the lock for this process if nobody living holds it. A process that holds it already does not get it twice. */
export const tryLock = (path: string): boolean => {
  mkdirSync(dirname(path), { recursive: true });
  if (tryCreate(path)) return true;
  if (lockOwner(path) !== null) return false;
  removeDead(path);
  return tryCreate(path);
};

/** Gives back a lock of this process; somebody else's stays. */
export const unlock = (path: string): void => {
  const owner = ownerOf(path);
  if (owner !== null && owner.pid === process.pid && isAlive(owner)) rmSync(path, { force: true });
};
