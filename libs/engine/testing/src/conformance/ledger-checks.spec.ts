import { describe, expect, it } from '@jest/globals';
import { MemoryLedger, type LedgerFault } from '../testing/memory-ledger';
import { failedOf } from '../testing/failed-of';
import { ledgerChecks } from './ledger-checks';

/** For each fault a check that has to see it; others may see it too. */
const SEEN_BY: Readonly<Record<LedgerFault, string>> = {
  'takes what stands behind a gap': 'takes nothing whose predecessor it has not',
  'does not look at the link': 'takes no record that names another predecessor than the one it has',
  'writes over a taken seq': 'calls another record at a seq that is taken a fork, and keeps the first',
  'looks at the last record alone': 'calls another record at a seq that is taken a fork, and keeps the first',
  'appends the same again': 'takes the same again without a trace',
  'looks, waits, and then writes': 'keeps one of two histories that are offered at once, and that one whole',
  'stops at what it has': 'goes on behind what it has of a longer run',
  'throws for a fork': 'lets the fork of one entity hold up no other',
  'believes the hash': 'rejects a record that its hash does not cover, and leaves it out',
  'stores the text anew': 'keeps records byte for byte, from seq 1 and without a gap',
  'confirms by the records alone': 'confirms with the seq, hash and ordinal of the last that it was offered',
  'acknowledges what it has not kept yet': 'has kept what it has acknowledged, also for another client',
  'keeps no outcome of a refusal': 'keeps the outcome of every command, that of a refused one too',
  'keeps the last outcome': 'never writes another outcome over one that it has',
  'keeps the outcomes of a fork': 'keeps no outcome of what it has turned down',
  'skips places': 'gives every record one place, those of an entity in order of seq, and leaves no place out',
  'gives places by name': 'never changes a place that it has given',
  'gives places by how they came': 'gives every record one place, those of an entity in order of seq, and leaves no place out',
};

describe('the checks of a ledger', () => {
  it('all pass for one that is sound', async () => {
    expect(await failedOf(ledgerChecks(() => Promise.resolve(new MemoryLedger())))).toEqual([]);
  });

  it.each(Object.entries(SEEN_BY))('see one that %s', async (fault, check) => {
    expect(await failedOf(ledgerChecks(() => Promise.resolve(new MemoryLedger(fault as LedgerFault))))).toContain(check);
  });

  it('are each needed to see a fault', async () => {
    const seen = new Set<string>();
    for (const fault of Object.keys(SEEN_BY) as LedgerFault[])
      for (const name of await failedOf(ledgerChecks(() => Promise.resolve(new MemoryLedger(fault))))) seen.add(name);
    expect(ledgerChecks(() => Promise.resolve(new MemoryLedger())).filter(({ name }) => !seen.has(name))).toEqual([]);
  });
});
