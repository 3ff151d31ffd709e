import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import {
  digestOf,
  Entity,
  fieldsThatDiffer,
  fingerprintOf,
  knownRulesOf,
  openRecord,
  type CommandEnvelope,
  type Decider,
  type StateDigest,
  type Tables,
} from '@qiyue/engine';
import { NEED_EVENT_TYPES } from '@qiyue/need-contracts';
import { needDecider, type NeedCommand, type NeedEvent, type NeedRefusal, type NeedState } from '@qiyue/need-domain';
import * as planted from './planted-deciders';
import { HISTORIES } from './recordings';

jest.setTimeout(120_000); // a replay takes what the machine lets it

interface Step {
  readonly command: CommandEnvelope;
  readonly outcome: string;
  /** Type and hash. */
  readonly records: readonly string[];
  /** Digests of the fields of the state that it moved. */
  readonly moved: StateDigest;
}
interface Golden {
  readonly rules: number;
  readonly tables: Tables;
  readonly lives: readonly (readonly Step[])[];
}
type NeedDecider = Decider<NeedState, NeedCommand, NeedEvent, NeedRefusal>;

const FILES = readdirSync(HISTORIES).filter((file) => file.endsWith('.golden.json'));
const goldenOf = (file: string): Golden => JSON.parse(readFileSync(join(HISTORIES, file), 'utf8')) as Golden;

/** Runs that began before what is refused for role or ownership held the clock go on as they did. */
const ranBefore = (): boolean => false;

/** What a decider comes to, where that is not what was recorded. */
const differences = (decider: NeedDecider, { lives, tables }: Golden): readonly object[] =>
  lives.flatMap((steps) => {
    const entity = new Entity(decider, steps[0]!.command.entity, undefined, undefined, undefined, ranBefore);
    let known: StateDigest = {};
    return steps.flatMap(({ command, outcome, records, moved }, i) => {
      const given = entity.handle(i === 0 ? { ...command, tables } : command).outcome;
      const made = entity.unconfirmed.flatMap((entry) => entry.records.map((record) => `${openRecord(record).type} ${record.hash}`));
      entity.confirm(entity.confirmationOfAll());
      const came = given.status === 'accepted' ? given.status : given.refusal.code;
      known = { ...known, ...moved };
      const fields = fieldsThatDiffer(digestOf(entity.currentState), known);
      const isSame = came === outcome && made.join() === records.join() && fields.length === 0;
      return isSame ? [] : [{ command: command.commandId, came, outcome, made, records, fields }];
    });
  });

describe('what was decided under each version of the rules that was released', () => {
  it('is recorded for every version that this code knows, with every type of event', () => {
    const versions = Array.from({ length: knownRulesOf(needDecider) }, (_, i) => i + 1);
    expect(FILES.map((file) => goldenOf(file).rules).sort((a, b) => a - b)).toEqual(versions);
    const types = FILES.flatMap((file) => goldenOf(file).lives.flat()).flatMap(({ records }) => records.map((record) => record.split(' ')[0]));
    expect([...new Set(types)].sort()).toEqual([...NEED_EVENT_TYPES].sort());
  });

  it.each(FILES)('%s: is decided the same way by the code of today, byte by byte', (file) => {
    expect(differences(needDecider, goldenOf(file))).toEqual([]);
  });

  it.each(FILES)('%s: is decided the same way by code that declares its changes', (file) => {
    expect(differences(planted.declared, goldenOf(file))).toEqual([]);
  });

  it('shows a fold that is changed and not declared, by what it makes of the state and before anything is decided by it', () => {
    expect(differences(planted.otherLead, goldenOf('rules-1.golden.json'))[0]).toMatchObject({ came: 'accepted', fields: ['lead'] });
  });

  it.each(['claimRefused', 'secondClaimAccepted', 'eventGainsField', 'reminderLater'] as const)(
    'shows a change that is not declared: %s',
    (change) => {
      expect(differences(planted[change], goldenOf('rules-1.golden.json'))).not.toEqual([]);
    },
  );

  it('was given by commands that are what they say', () => {
    for (const { command } of FILES.flatMap((file) => goldenOf(file).lives.flat())) expect(command.fingerprint).toBe(fingerprintOf(command));
  });
});
