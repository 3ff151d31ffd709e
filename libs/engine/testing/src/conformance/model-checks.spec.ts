import { describe, expect, it } from '@jest/globals';
import { failedOf } from '../testing/failed-of';
import { MemoryModel, type ModelFault } from '../testing/memory-model';
import { modelChecks } from './model-checks';

/** For each fault a check that has to see it; others may see it too. */
const SEEN_BY: Readonly<Record<ModelFault, string>> = {
  'folds only the first record of a part': 'folds records in order of seq, part by part',
  'folds what it has folded': 'drops what it has folded already',
  'sets aside what comes again': 'drops what it has folded already',
  'leaves gaps': 'fills a gap from the ledger',
  'waits for what fills a gap': 'sets an entity aside whose gap the ledger cannot fill, with its last good document',
  'fills a gap with nothing': 'fills a gap from the ledger',
  'drops another record of a seq': 'sets an entity aside at another record of a seq that it has folded',
  'takes another record of a seq': 'sets an entity aside at another record of a seq that it has folded',
  'looks for forks at the head alone': 'sets an entity aside at another record of a seq that it has folded',
  'does not look at the link': 'sets an entity aside at a record that is not linked to the one before',
  'ends at what cannot be folded': 'sets aside what cannot be folded, and goes on with the rest of the part',
  'drops the document of what is set aside': 'sets aside what cannot be folded, and goes on with the rest of the part',
  'goes on with what was set aside': 'folds nothing more into what is set aside',
  'writes whatever it has read': 'comes to the same, however many write at once',
  'notes when a document was made': 'makes the same bytes anew',
  'makes anew what it has seen': 'holds after a rebuild what the ledger has, also what never came to it',
  'keeps aside for ever': 'lets go on by a rebuild what was set aside for what has been mended',
  'clears before it makes anew': 'serves what it has until what is made anew is whole',
  'swaps without a look at what came': 'loses nothing that comes while it is made anew',
};

const checksOf = (fault: ModelFault | null) => modelChecks((model) => Promise.resolve(new MemoryModel(model, fault)));

describe('the checks of a read model store', () => {
  it('all pass for one that is sound', async () => {
    expect(await failedOf(checksOf(null))).toEqual([]);
  });

  it.each(Object.entries(SEEN_BY))('see one that %s', async (fault, check) => {
    expect(await failedOf(checksOf(fault as ModelFault))).toContain(check);
  });

  it('are each needed to see a fault', async () => {
    const seen = new Set<string>();
    for (const fault of Object.keys(SEEN_BY) as ModelFault[]) for (const name of await failedOf(checksOf(fault))) seen.add(name);
    expect(
      checksOf(null)
        .map(({ name }) => name)
        .filter((name) => !seen.has(name)),
    ).toEqual([]);
  });
});
