import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { need } from '@qiyue/need';
import { AggregatesRefused, aggregatesWith } from './index';

describe('kinds of entities that a setting names', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-more-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A module of somebody else, in plain JavaScript. */
  const moduleOf = (name: string, source: string): string => {
    const path = join(folder, `${name}.js`);
    writeFileSync(path, source);
    return path;
  };
  const aggregateOf = (name: string, over = ''): string =>
    moduleOf(
      name,
      `exports.decider = { aggregate: '${name}' };
       exports.aggregate = {
         decider: exports.decider, deciderModule: { path: __filename, name: 'decider' },
         path: '${name}s', idName: '${name}Id', model: { name: '${name}s' },
         noun: {}, commands: {}, events: {}, refusals: {}, access: {}, listing: {}, privacy: {}, ${over} };`,
    );
  const namesWith = (...modules: readonly string[]): readonly string[] => aggregatesWith(modules.join(',')).map(({ decider }) => decider.aggregate);

  it('stand behind our own, in their order', () => {
    expect(namesWith(` ${aggregateOf('loan')}`, '', aggregateOf('gift'))).toEqual([...namesWith(), 'loan', 'gift']);
    expect(aggregatesWith(undefined)).toEqual(aggregatesWith(' , '));
  });

  it('are refused with a line for each mistake, before anything starts', () => {
    const missing = join(folder, 'missing.js');
    const [empty, odd] = [moduleOf('empty', ''), moduleOf('odd', 'exports.aggregate = { decider: {} };')];
    const foreign = aggregateOf('lost', "deciderModule: { path: __filename, name: 'decide' }");
    let refusal: unknown;
    try {
      namesWith(missing, empty, odd, foreign, aggregateOf('lease'));
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(AggregatesRefused);
    const said = String((refusal as Error).stack).split('\n');
    expect(said).toEqual([
      'settings refused:',
      expect.stringMatching(`^  QIYUE_MORE_AGGREGATES: ${missing} cannot be loaded: .*Cannot find module`),
      `  QIYUE_MORE_AGGREGATES: ${empty} exports no aggregate`,
      `  QIYUE_MORE_AGGREGATES: ${odd} exports no aggregate`,
      `  QIYUE_MORE_AGGREGATES: ${foreign}: ${foreign} exports no decider called decide`,
    ]);
  });

  it('are refused where they are called like one that is there', () => {
    expect(() => namesWith(aggregateOf('heir', `path: '${need.path}'`))).toThrow(
      `settings refused:\n  QIYUE_MORE_AGGREGATES: heir has the path ${need.path} of ${need.decider.aggregate}`,
    );
    const twice = aggregateOf('twin');
    expect(() => namesWith(twice, twice)).toThrow('twin has the name twin of twin');
  });
});
