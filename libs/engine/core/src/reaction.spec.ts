import { describe, expect, it } from '@jest/globals';
import { checkReactions, reactionCommandId, reactsTo } from './reaction';

describe('a reaction', () => {
  const of = (type: string, rules?: number) => ({ type, ...(rules === undefined ? {} : { rules }) });

  it('reacts to the events that it names, whatever the rules of their records', () => {
    const reaction = { on: ['Withdrawn', 'Rejected'] };
    const reacts = [of('Withdrawn'), of('Rejected', 7), of('Amended')].map((record) => reactsTo(reaction, record));
    expect(reacts).toEqual([true, true, false]);
  });

  it('reacts to nothing that was recorded before the rules that begin with it', () => {
    const reaction = { on: ['Withdrawn'], since: 3 };
    const reacts = [of('Withdrawn'), of('Withdrawn', 2), of('Withdrawn', 3), of('Withdrawn', 4), of('Amended', 4)];
    expect(reacts.map((record) => reactsTo(reaction, record))).toEqual([false, false, true, true, false]);
  });

  it('gives its commands ids that follow from the event, the second and later ones with a number', () => {
    const record = { entity: '0123456789abcdefghjkmnpqrs', seq: 7 };
    expect([1, 2, 11].map((nth) => reactionCommandId(record, 'release', nth))).toEqual([
      'system:0123456789abcdefghjkmnpqrs:7/release',
      'system:0123456789abcdefghjkmnpqrs:7/release/2',
      'system:0123456789abcdefghjkmnpqrs:7/release/11',
    ]);
  });

  it('has a name of its own, of which no part can be taken for a number of a command', () => {
    expect(() => checkReactions('need', [{ name: 'release' }, { name: 'tell-again-2' }])).not.toThrow();
    expect(() => checkReactions('need', [{ name: 'release' }, { name: 'release' }])).toThrow('two reactions are called release');
    for (const name of ['', 'release/2', 'Release', 'release it', 'r'.repeat(61)])
      expect(() => checkReactions('need', [{ name }])).toThrow('cannot name a reaction');
  });
});
