import { describe, expect, it } from '@jest/globals';
import { GENESIS_HASH, sealRecord, type RecordBody } from '@qiyue/engine';
import { FactsLines, verifyFactsFile } from './facts-file';

const HEAD = { from: null, to: null, exportedAt: '2024-07-01T09:00:00.000+08:00' };

/** So many facts of one journal, each linked to the one before. */
const journal = (entity: string, count: number, firstSeq = 1): readonly RecordBody[] => {
  const bodies: RecordBody[] = [];
  let prevHash = firstSeq === 1 ? GENESIS_HASH : 'a'.repeat(64);
  for (let seq = firstSeq; seq < firstSeq + count; seq += 1) {
    const body: RecordBody = {
      ...{ v: 1, aggregate: 'audit', entity, seq, type: 'LoggedIn', time: HEAD.exportedAt, commandId: `journal:${entity}:${seq}` },
      ...{ actor: { id: 'ann', role: 'resident', unit: null }, data: { by: 'oidc', from: { way: 'login', address: '192.0.2.1' } }, prevHash },
    };
    bodies.push(body);
    prevHash = sealRecord(body).hash;
  }
  return bodies;
};
const fileOf = (bodies: readonly RecordBody[]): readonly string[] => {
  const lines = new FactsLines();
  return [lines.first(HEAD), ...bodies.map((body) => lines.record(body)), lines.last()].map((line) => line.trimEnd());
};
const GOOD = fileOf([...journal('one', 5), ...journal('two', 3, 40)]);
const whyOf = async (lines: readonly string[]) => (await verifyFactsFile(lines)).findings.map(({ line, why }) => `${line}: ${why}`);

describe('a file of facts', () => {
  it('is good as it was written, also when it begins in the middle of a stream', async () => {
    expect(await verifyFactsFile(GOOD)).toEqual({ ok: true, records: 8, streams: 2, findings: [] });
    expect((await verifyFactsFile(fileOf([]))).ok).toBe(true);
  });

  it('tells of what was changed, taken out, added, exchanged or cut off', async () => {
    const changed = GOOD.map((line, at) => (at === 2 ? line.replace('192.0.2.1', '192.0.2.2') : line));
    expect(await whyOf(changed)).toEqual(['3: the bytes do not have the hash', '10: the lines are not those that were written']);
    const without = GOOD.toSpliced(3, 1);
    expect((await whyOf(without)).join()).toMatch(/4: not linked.*8 records were written, 7 are there.*/);
    expect((await whyOf(GOOD.toSpliced(3, 0, GOOD[2] as string))).join()).toMatch(/4: not linked/);
    expect((await whyOf([GOOD[0], GOOD[2], GOOD[1], ...GOOD.slice(3)] as string[])).join()).toMatch(/not linked/);
    expect((await whyOf(GOOD.slice(0, -1))).join()).toBe('9: the file has no end');
    expect((await whyOf([...GOOD, '{}'])).join()).toMatch(/something stands behind the end/);
    expect((await whyOf(GOOD.slice(1))).join()).toMatch(/^1: not a file of facts/);
    expect((await whyOf([...GOOD.slice(0, 3), 'no json', ...GOOD.slice(3)])).join()).toMatch(/4: not a record/);
  });

  it('has a sum that a last record cut off with its link cannot be hidden from', async () => {
    const shorter = [...GOOD.slice(0, -2), (GOOD.at(-1) as string).replace('"records":8', '"records":7')];
    expect((await whyOf(shorter)).join()).toMatch(/lines are not those that were written/);
  });
});
