import { describe, expect, it } from '@jest/globals';
import { knownRulesOf, titleIn, type CommandShape, type Labels } from '@qiyue/engine';
import { AGGREGATES } from './index';

const AT = { entity: '0123456789abcdefghjkmnpqrs', now: '2024-06-30T17:00:00.000Z' };

describe.each(AGGREGATES.map((kind) => [kind.decider.aggregate, kind] as const))(
  '%s in Temporal’s own pages',
  (_, { decider, commands, listing, access }) => {
    const labels = decider.labels as Labels<unknown, CommandShape>;

    it('is called by its number, where its kind has one, and by what it is about', () => {
      const data = commands[decider.startsWith]?.example as object;
      const title = titleIn(labels, { type: decider.startsWith, data } as CommandShape, AT);
      expect(title).toMatch(listing.isNumbered ? /^240701-\w{6}-\w \S/ : /^\S/);
      expect(title).not.toContain(decider.startsWith);
    });

    it('has updates by the names of its commands, from a version of its rules on', () => {
      expect(labels.updates?.types).toEqual(expect.arrayContaining([...Object.keys(commands), ...Object.keys(access.commands)]));
      expect(labels.updates?.since).toBeGreaterThan(1); // workers of the first rules have no handlers of these names
      expect(labels.updates?.since).toBeLessThanOrEqual(knownRulesOf(decider));
    });
  },
);
