import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import type { Actor, RecordBody, Tables } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { NEED_RULES, needDecider, type NeedCommand, type NeedEventType } from '@qiyue/need-domain';
import { foldNeedView, type NeedView } from '@qiyue/need-views';

export const ann: Actor = { id: 'ann', role: 'resident', unit: 'Lakeside' };
export const cora: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const wes: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const cen: Actor = { id: 'cen', role: 'centre', unit: 'Service centre' };
export const retimer: Actor = { id: 'retime', role: 'system', unit: null };
export const CALENDAR = compileTable(CHINA_2024_2026);
export const TABLES: Tables = { calendar: CALENDAR, policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
/** Under another name, with a holiday more in the first week. */
export const CORRECTED: Tables = {
  ...TABLES,
  calendar: compileTable({
    ...CHINA_2024_2026,
    version: 'corrected',
    holidays: [...CHINA_2024_2026.holidays, { date: '2024-07-03', name: '县庆' }],
  }),
};
/** A Monday without a holiday near. */
export const BIRTH = '2024-07-01T08:00:00.000+08:00';
export const NEED_ID = '0123456789abcdefghjkmnpqrs';

/** One event, and the need around it. */
export interface Moment {
  readonly record: RecordBody;
  readonly before: NeedView | null;
  readonly after: NeedView;
}

export const submit = (changes: object = {}): NeedCommand => ({
  type: 'submit',
  data: {
    ...{ title: '加装扶手', description: 'SECRET-description', contact: 'SECRET-contact', kind: 'service' as const, community: 'Lakeside' },
    items: [{ name: '扶手', quantity: 1, unit: '米' }],
    ...changes,
  },
});
export const claim: NeedCommand = { type: 'claim', data: { unit: 'Water', plan: 'SECRET-plan', helpers: ['Roads'] } };
export const fund: NeedCommand = { type: 'fund', data: { amountFen: 7, source: 'donation', reference: 'r' } };
export const complete: NeedCommand = { type: 'complete', data: { evidence: [{ kind: 'note', text: 'SECRET-evidence' }] } };
export const accept: NeedCommand = { type: 'accept', data: {} };
export const evaluate = (side: 'resident' | 'community', satisfied = true): NeedCommand => ({
  type: 'evaluate',
  data: { side, score: 3, satisfied, comment: 'SECRET-comment' },
});

/** A need that lives, and what each of its events made of it. One minute passes per command. */
export class ToldLife {
  readonly moments: Moment[] = [];
  private readonly life = new EntityLife(needDecider, { entity: NEED_ID, bornAt: BIRTH, tables: TABLES });

  /** Commands bring this version from here on. */
  under(rules: number): this {
    this.life.under(rules);
    return this;
  }

  /** `tables`: what a re-timing brings. */
  does(actor: Actor, command: NeedCommand, tables: Tables = TABLES): this {
    const refused = command.type === 'retime' ? this.life.isBrought(tables, actor, command) : this.life.does(actor, command);
    if (refused !== null) throw new Error(`${command.type}: ${refused}`);
    return this.take();
  }

  /** Lets the next timers fire. */
  waits(times: number): this {
    this.life.waits(times);
    return this.take();
  }

  /** The `nth` event of a type; throws when there is none. */
  moment(type: NeedEventType, nth = 0): Moment {
    const found = this.moments.filter(({ record }) => record.type === type)[nth];
    if (found === undefined) throw new Error(`no ${type} among ${this.moments.map(({ record }) => record.type).join(', ')}`);
    return found;
  }

  private take(): this {
    for (const record of this.life.records.slice(this.moments.length)) {
      const before = this.moments.at(-1)?.after ?? null;
      this.moments.push({ record, before, after: foldNeedView(before, record) });
    }
    return this;
  }
}

export const born = (changes: object = {}): ToldLife => new ToldLife().does(ann, submit(changes));

/** Lives in which every event that is told happens. */
export const LIVES: Readonly<Record<string, ToldLife>> = {
  ordinary: born()
    .does(cora, { type: 'whistle', data: { units: ['Water', 'Roads'] } })
    .does(wes, claim)
    .does(cora, { type: 'sign', data: {} })
    .does(wes, { type: 'sign', data: {} })
    .does(cora, { type: 'pause', data: { waitingFor: 'SECRET-owners' } })
    .does(cora, { type: 'resume', data: {} })
    .does(wes, { type: 'request-extension', data: { workingDays: 2, reason: 'SECRET-reason' } })
    .does(cen, { type: 'grant', data: {} })
    .does(wes, fund)
    .does(wes, complete)
    .does(cora, { type: 'refuse-works', data: { reason: 'SECRET-reason' } })
    .does(wes, complete)
    .does(cora, accept)
    .does(ann, evaluate('resident'))
    .does(cora, evaluate('community', false)),
  cancelled: born()
    .under(4)
    .does(wes, claim)
    .does(wes, fund)
    .does(cen, { type: 'adjust-funding', data: { deltaFen: 1, reason: 'SECRET-reason' } })
    .does(cen, { type: 'cancel-works', data: { reason: 'SECRET-reason' } }),
  worked: born()
    .does(wes, claim)
    .does(wes, fund)
    .does(wes, { type: 'start', data: {} })
    .does(wes, { type: 'progress', data: { note: 'SECRET-note' } })
    .does(wes, complete),
  movedAway: born().does(ann, { type: 'amend', data: { community: 'Riverside' } }),
  returned: born()
    .does(wes, claim)
    .does(wes, { type: 'request-extension', data: { workingDays: 2, reason: 'SECRET-reason' } })
    .does(cen, { type: 'deny', data: { reason: 'SECRET-reason' } })
    .does(wes, { type: 'return', data: { reason: 'SECRET-reason' } }),
  moved: born().does(wes, claim).does(retimer, { type: 'retime', data: {} }, CORRECTED),
  slow: born().waits(8),
  slowLead: born().does(wes, claim).waits(6),
  unevaluated: born().does(wes, claim).does(wes, fund).does(wes, complete).does(cora, accept).does(cora, evaluate('community')).waits(5),
  unaccepted: born().does(wes, claim).does(wes, fund).does(wes, complete).waits(3),
  rejected: born().does(cora, { type: 'reject', data: { reason: 'SECRET-reason' } }),
  withdrawn: born().does(ann, { type: 'withdraw', data: { reason: 'SECRET-reason' } }),
  merged: born()
    .does(cora, { type: 'adopt', data: { from: 'n1', followers: ['pam'] } })
    .does(cora, { type: 'unadopt', data: { from: 'n1' } })
    .does(cora, { type: 'merge', data: { into: 'n2' } }),
  emergency: born({ urgency: 'emergency' })
    .under(NEED_RULES)
    .does(cora, { type: 'whistle', data: { units: ['Water'] } }),
  answered: born()
    .under(5)
    .does(cora, { type: 'whistle', data: { units: ['Water', 'Roads'] } })
    .does(wes, { type: 'report-in', data: { answer: 'not-ours', reason: 'SECRET-reason' } }),
  dispatched: born()
    .under(NEED_RULES)
    .does(cen, { type: 'dispatch', data: { unit: 'Water', reason: 'SECRET-reason' } })
    .does(cen, { type: 'dispatch', data: { community: 'Hillside' } })
    .does(cen, { type: 'correct', data: { community: 'Lakeside', compound: 'SECRET-compound', reason: 'SECRET-reason' } }),
  confirmed: born({ urgency: 'emergency' })
    .under(NEED_RULES)
    .does(cora, { type: 'confirm-urgency', data: { urgency: 'emergency' } }),
  lowered: born({ urgency: 'emergency' })
    .under(NEED_RULES)
    .does(cora, { type: 'confirm-urgency', data: { urgency: 'normal', reason: 'SECRET-reason' } }),
  madeEmergency: born()
    .under(NEED_RULES)
    .does(ann, { type: 'amend', data: { urgency: 'emergency' } }),
  correctedToEmergency: born()
    .under(NEED_RULES)
    .does(cen, { type: 'correct', data: { urgency: 'emergency', reason: 'SECRET-reason' } }),
  dispatchedEmergency: born({ urgency: 'emergency' })
    .under(NEED_RULES)
    .does(cen, { type: 'dispatch', data: { unit: 'Water' } }),
  emergencyOfTheCommunity: new ToldLife().does(cora, submit({ urgency: 'emergency' })),
  followed: born()
    .does(cora, { type: 'adopt', data: { from: 'n1', followers: ['pam', 'bo'] } })
    .does(wes, claim),
  ofTheCommunity: new ToldLife().does(cora, submit()).does(wes, claim).does(wes, fund).does(wes, complete).does(cora, accept),
};
