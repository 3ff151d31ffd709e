import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLog, SeenIds, anyDecider, type LedgerStore } from '@qiyue/engine-runtime';
import { commandFor, eventually, freshStore } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const lend = (key: string) => commandFor(anyDecider(loanDecider), 'lend', { book: '书' }, { key });

describe('the ids that commands have had', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  const started: SeenIds[] = [];
  const follow = async (): Promise<SeenIds> => {
    const seen = new SeenIds(store);
    started.push(seen);
    seen.start();
    await eventually('the ids to be read', () => seen.isFollowing);
    return seen;
  };

  beforeEach(async () => ({ store, drop } = await freshStore()));
  afterEach(async () => {
    await Promise.all(started.splice(0).map((seen) => seen.stop()));
    await drop();
  });

  it('are all taken for known until they have been read, and afterwards only those that are there', async () => {
    const known = randomUUID();
    await new CommandLog(store).reserve(lend(known));
    const unread = new SeenIds(store);
    expect([unread.mayHold(known), unread.mayHold('new')]).toEqual([true, true]);
    const seen = await follow();
    expect([seen.mayHold(known), seen.mayHold('new')]).toEqual([true, false]);
  });

  it('become known here when another process has noted them', async () => {
    const seen = await follow();
    const id = randomUUID();
    expect(seen.mayHold(id)).toBe(false);
    await new CommandLog(store).reserve(lend(id));
    await eventually('the id of the other process', () => seen.mayHold(id));
    expect(seen.mayHold(randomUUID())).toBe(false);
  });

  it('let the log see a key that was used for another entity, though it asks the server for no new one', async () => {
    const log = new CommandLog(store);
    log.start();
    await eventually('the log to follow', () => log.isFollowing);
    const id = randomUUID();
    const command = lend(id);
    expect(await log.find(command)).toBeNull();
    await new CommandLog(store).reserve(command);
    expect(await log.find(command)).toMatchObject({ fingerprint: command.fingerprint });
    await log.stop();
  });
});
