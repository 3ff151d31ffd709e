import { describe, expect, it } from '@jest/globals';
import { eventOf, type Actor } from '@qiyue/engine';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import { DEFAULT_POLICY_DOCUMENT, LANGUAGES, type Role } from '@qiyue/civic-domain';
import { NEED_RULES, needDecider, type NeedCommand, type NeedEvent, type NeedState } from '@qiyue/need-domain';
import type { Recipient } from '@qiyue/notices';
import { needAccess } from '../need.access';
import { accept, claim, complete, evaluate, fund, LIVES, TABLES, type Moment, type ToldLife } from '../testing/told-life';
import { asksOf } from './asks';
import { needNotices } from './need.notices';
import { recipientsOf } from './recipients';
import { isTold, type ToldEvent } from './told';

interface Asked {
  readonly event: ToldEvent;
  readonly moment: Moment;
  readonly state: NeedState;
  readonly recipient: Recipient;
  readonly asks: string | null;
}

/** Every event of every life, with the need's own state behind it, for each who is told. */
const told: readonly Asked[] = Object.values(LIVES).flatMap(({ moments }) => {
  let state: NeedState = needDecider.initial;
  return moments.flatMap((moment) => {
    const event = eventOf<NeedEvent>(moment.record);
    state = needDecider.evolve(state, event, { time: moment.record.time } as never);
    if (!isTold(event)) return [];
    const { before, after } = moment;
    const now = state;
    return recipientsOf({ event, by: moment.record.actor, before, after }, DEFAULT_POLICY_DOCUMENT).map((recipient) => ({
      ...{ event, moment, state: now, recipient },
      asks: asksOf({ event, before, after }, recipient),
    }));
  });
});
const asking = told.filter(({ asks }) => asks !== null);

/** Somebody whom the recipient means. */
const readerOf = (recipient: Recipient): Actor =>
  recipient.kind === 'actor'
    ? { id: recipient.id, role: 'resident', unit: 'Lakeside' }
    : { id: 'somebody', role: recipient.role, unit: recipient.unit ?? 'Roads' };

const COMMANDS: Readonly<Record<string, (reader: Actor) => NeedCommand>> = {
  claim: ({ role, unit }) => ({ ...claim, data: { unit: role === 'centre' ? 'Water' : (unit ?? ''), plan: 'p' } }) as NeedCommand,
  fund: () => fund,
  complete: () => complete,
  accept: () => accept,
  evaluate: ({ role }) => evaluate(role === 'community' ? 'community' : 'resident'),
  sign: () => ({ type: 'sign', data: {} }),
  grant: () => ({ type: 'grant', data: {} }),
  'confirm-urgency': () => ({ type: 'confirm-urgency', data: { urgency: 'normal' } }),
};

describe('what a notice asks for', () => {
  it('is something in every way that a need can wait', () => {
    expect(new Set(asking.map(({ asks }) => asks))).toEqual(new Set(Object.keys(COMMANDS)));
  });

  it('is a command that its reader has a right to and that the need takes now', () => {
    for (const { event, asks, recipient, state, moment } of asking) {
      const reader = readerOf(recipient);
      const command = COMMANDS[asks ?? '']?.(reader) as NeedCommand;
      const context = { ...TEST_CONTEXT, tables: TABLES, actor: reader, now: moment.record.time, rules: NEED_RULES };
      const decision = needDecider.decide(command, state, context as never);
      expect([event.type, asks, reader.role, needAccess.commands[command.type]?.[reader.role as Role] !== undefined]).toEqual([
        ...[event.type, asks, reader.role, true],
      ]);
      expect([event.type, asks, reader, decision.ok ? 'ok' : decision.refusal.code]).toEqual([event.type, asks, reader, 'ok']);
    }
  });

  it('is nothing for those who only wait: residents are asked for an evaluation and nothing else, supervisor and county for nothing', () => {
    const of = (role: string) => new Set(asking.filter(({ recipient }) => readerOf(recipient).role === role).map(({ asks }) => asks));
    expect(of('resident')).toEqual(new Set(['evaluate']));
    expect([...of('supervisor'), ...of('county')]).toEqual([]);
    expect(of('department')).toEqual(new Set(['claim', 'fund', 'complete', 'sign']));
  });

  it('is said to nobody else: whoever is asked for nothing reads no request', () => {
    for (const { event, moment, recipient, asks } of told) {
      const occasion = { event, by: moment.record.actor, before: moment.before, after: moment.after };
      const words = LANGUAGES.map((language) => Object.values(needNotices.wordsFor(occasion, language, recipient)).join(' ')).join(' ');
      if (asks === null) expect(words).not.toMatch(/请验收|请评价|请及时办理|请尽快办理|please (inspect|evaluate)/);
    }
  });

  it('is said in plain words to the author of a late need, with who is urged', () => {
    const { record, before, after } = (LIVES['slowLead'] as ToldLife).moment('Escalated');
    const occasion = { event: eventOf<NeedEvent>(record), by: record.actor, before, after };
    expect(needNotices.wordsFor(occasion, 'zh-CN', { kind: 'actor', id: 'ann' })).toEqual({
      subject: '已超期，已催办Water：加装扶手',
      text: '该需求已超期，资金落实期限2024年7月4日（星期四）18:00已过，已对Water催办（第1级）。',
    });
  });
});
