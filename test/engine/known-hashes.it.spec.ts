import { expect, it } from '@jest/globals';
import { freshStore, notedStream } from '@qiyue/testkit';
import { KnownHashes } from '@qiyue/engine-runtime';

it('asks the ledger once for what it holds, and again for what it lacked', async () => {
  const { store, drop } = await freshStore();
  try {
    const [first, second] = notedStream('0123456789abcdefghjkmnpqrs', 2);
    if (first === undefined || second === undefined) throw new Error('two records');
    await store.ledger.insertOne({ ...first });
    let asked = 0;
    const ledger = new Proxy(store.ledger, {
      get: (collection, name) => {
        if (name === 'find') asked += 1;
        const member: unknown = Reflect.get(collection, name);
        return typeof member === 'function' ? (member as () => unknown).bind(collection) : member;
      },
    });
    const hashes = new KnownHashes({ ledger });
    const both = [first, second];
    expect([...(await hashes.of(both)).values()]).toEqual([first.hash]);
    await store.ledger.insertOne({ ...second });
    expect([...(await hashes.of(both)).values()]).toEqual([first.hash, second.hash]);
    await Promise.all([hashes.of(both), hashes.of([second])]);
    expect(asked).toBe(2);
  } finally {
    await drop();
  }
});
