import { describe, expect, it } from '@jest/globals';
import { post } from '@qiyue/notices';
import { contractNotices } from './contract.notices';
import { contractAccess } from '../contract.access';
import { EVERY_MOMENT, moment, type Moment } from '../testing/told-contract';

const unit = post('department', '住建局');
const community = post('community', '民悦社区');
const occasionOf = ({ record, before, after }: Moment) => ({ event: contractNotices.eventOf(record), by: record.actor, before, after });
const asked = (one: Moment) => [unit, community].map((recipient) => contractNotices.asksFor?.(occasionOf(one), recipient) ?? null);

describe('what a notice of a contract asks for', () => {
  it('is the signature of the side that has not signed, and nothing of the other', () => {
    expect(asked(moment('signed', 'ContractProposed'))).toEqual(['sign', 'sign']);
    expect(asked(moment('signed', 'SignatureGiven'))).toEqual([null, 'sign']);
    expect(asked(moment('unsigned', 'DeadlineMissed'))).toEqual(['sign', 'sign']);
  });
  it('is an evaluation that is missing, of an item too', () => {
    expect(asked(moment('evaluated', 'DeadlineApproaching'))).toEqual(['evaluate', null]);
    expect(asked(moment('evaluated', 'ContractEnded'))).toEqual([null, null]);
  });
  it('is something that the reader’s role may give, and nobody else is asked', () => {
    for (const one of EVERY_MOMENT.filter(({ record }) => contractNotices.types.includes(record.type))) {
      for (const command of asked(one))
        if (command !== null) expect(contractAccess.commands[command]).toMatchObject({ department: 'own-side', community: 'own-side' });
      for (const role of ['centre', 'supervisor', 'county'] as const)
        expect(contractNotices.asksFor?.(occasionOf(one), post(role, null)) ?? null).toBeNull();
    }
  });
});
