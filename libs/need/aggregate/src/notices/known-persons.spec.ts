import { describe, expect, it } from '@jest/globals';
import { eventOf, type RecordBody } from '@qiyue/engine';
import { DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import type { NeedEvent } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import { sealedPersonsOf, withPersons } from './known-persons';
import { byPerson, recipientKey, type KnownPersons } from '@qiyue/notices';
import { recipientsOf } from './recipients';
import { LIVES, type Moment } from '../testing/told-life';
import type { ToldEvent } from './told';

const [ANN, PAM] = ['p-aaaaaaaaaaaaaaaaaaaa', 'p-bbbbbbbbbbbbbbbbbbbb'];
const KNOWN: KnownPersons = new Map([
  ['sealed ann', 'ann'],
  ['sealed pam', 'pam'],
]);

/** A need was claimed whose author is Ann and that Pam follows. */
const claimed = LIVES['followed']?.moments.find(({ record }) => record.type === 'NeedClaimed') as Moment;
const pseudonymous = (view: NeedView): NeedView => ({
  ...view,
  author: { ...view.author, id: ANN, person: 'sealed ann' },
  adopted: [{ from: 'other', followers: [PAM], persons: ['sealed pam'] }],
  followers: [PAM],
});

const toldOf = (record: RecordBody, after: NeedView, known: KnownPersons): readonly string[] => {
  const event = eventOf<NeedEvent>(record) as ToldEvent;
  const occasion = { event, by: byPerson(record, known).actor, before: null, after: withPersons(pseudonymous(after), known) };
  return recipientsOf(occasion, DEFAULT_POLICY_DOCUMENT)
    .map(recipientKey)
    .filter((key) => key.startsWith('actor/'));
};

describe('a need that names persons by pseudonyms', () => {
  it('tells the persons', () => {
    expect(toldOf(claimed.record, claimed.after, KNOWN)).toEqual(['actor/ann', 'actor/pam']);
  });

  it('does not tell who did it, which the record names by a pseudonym, too', () => {
    const record = { ...claimed.record, actor: { id: ANN, role: 'resident', unit: 'Lakeside', person: 'sealed ann' } };
    expect(toldOf(record, claimed.after, KNOWN)).toEqual(['actor/pam']);
  });

  it('tells nobody whose key is erased, not even a pseudonym', () => {
    expect(toldOf(claimed.record, claimed.after, new Map())).toEqual([]);
  });

  it('says before whom it has to know', () => {
    const actor = { id: PAM, role: 'resident', unit: null, person: 'sealed pam' };
    expect(sealedPersonsOf({ actor }, pseudonymous(claimed.after))).toEqual(['sealed pam', 'sealed ann', 'sealed pam']);
    expect(sealedPersonsOf(claimed.record, claimed.after)).toEqual([]);
  });
});
