import { describe, expect, it } from '@jest/globals';
import { laterOf } from '@qiyue/engine';
import { specFor, TEST_CONTEXT } from '@qiyue/engine-testing';
import { contractDecider, type ContractEvent } from './index';
import {
  clock,
  closed,
  EFFECTIVE_AT,
  ended,
  ENDS_AT,
  evaluatedBy,
  evolve,
  finished,
  finishedInForce,
  inForce,
  NOW,
  noticed,
  please,
  proposed,
  retimer,
  signedBy,
  stateAfter,
  TABLES,
  tablesWith,
  terminated,
  toForce,
} from './testing/contract.fixtures';

const given = specFor(contractDecider, { now: NOW, tables: TABLES, actor: clock });

/** Everything that happens by itself, and nobody does anything. */
const letTimePass = (past: readonly ContractEvent[]): readonly string[] => {
  let state = stateAfter(past);
  const told: string[] = [];
  for (let due = contractDecider.due(state, { rules: 1 }); due !== null; due = contractDecider.due(state, { rules: 1 })) {
    const decision = contractDecider.decide(due.command, state, { ...TEST_CONTEXT, now: laterOf(due.at, NOW), actor: clock, tables: TABLES });
    if (!decision.ok || decision.events.length === 0) throw new Error(`nothing came of ${JSON.stringify(due)}`);
    for (const event of decision.events) {
      state = evolve(state, event);
      const more =
        event.type === 'Escalated' ? ` ${event.data.level} ${event.data.name}` : event.type === 'ContractClosed' ? ` ${event.data.cause}` : '';
      told.push(`${due.at.slice(0, 16)} ${event.type}${more}`);
    }
  }
  return told;
};

/** Of what is waited for from the day on which a contract is proposed here, for ten working days. */
const LADDER = [
  '2024-01-19T08:00 DeadlineApproaching',
  '2024-01-22T18:00 DeadlineMissed',
  '2024-01-23T08:00 Escalated 1 催办',
  '2024-01-30T08:00 Escalated 2 通报',
  '2024-02-05T08:00 Escalated 3 督查',
  '2024-02-18T08:00 Escalated 4 报县',
];

describe('a contract that nobody touches', () => {
  it('climbs the ladder while it is not signed, and closes at its end', () => {
    expect(letTimePass([proposed])).toEqual([...LADDER, '2025-01-01T00:00 ContractClosed unsigned']);
  });
  it('is reminded of its end, ends, and is closed without its evaluations when they were waited for long enough', () => {
    expect(letTimePass(toForce)).toEqual([
      '2024-12-30T08:00 DeadlineApproaching',
      '2025-01-01T00:00 ContractEnded',
      '2025-01-14T08:00 DeadlineApproaching',
      '2025-01-15T18:00 DeadlineMissed',
      '2025-01-16T08:00 Escalated 1 催办',
      '2025-01-23T08:00 Escalated 2 通报',
      '2025-02-05T08:00 ContractClosed lapsed',
    ]);
  });
  it('climbs the ladder for the evaluations of an item that is finished, until both are there or all is waited for together', () => {
    expect(letTimePass([...toForce, finishedInForce('i1'), evaluatedBy('unit', 'i1')]).slice(0, 8)).toEqual([
      ...LADDER,
      '2024-12-30T08:00 DeadlineApproaching',
      '2025-01-01T00:00 ContractEnded',
    ]);
    expect(letTimePass([...toForce, finishedInForce('i1'), evaluatedBy('unit', 'i1'), evaluatedBy('community', 'i1')])[0]).toBe(
      '2024-12-30T08:00 DeadlineApproaching',
    );
    expect(letTimePass([...toForce, finishedInForce('i1'), noticed, terminated])).toEqual([]);
  });
  it('says of which item a deadline is', () => {
    given(...toForce, finishedInForce('i1'))
      .when(please('tick', { step: 'i1/approaching' }), { now: '2024-01-19T08:00:00.000+08:00' })
      .then({ type: 'DeadlineApproaching', data: { stage: 'i1', dueAt: '2024-01-22T18:00:00.000+08:00', policy: 'default-1' } });
    for (const step of ['i1/missed', 'i2/approaching', 'approaching'])
      given(...toForce, finishedInForce('i1'))
        .when(please('tick', { step }), { now: '2024-01-19T08:00:00.000+08:00' })
        .thenNothing();
  });
  it('ends by a notice of termination', () => {
    expect(letTimePass([...toForce, noticed])).toEqual(['2024-01-24T00:00 ContractTerminated']);
  });
  it('ends without calendar and policy too', () => {
    const { deadline: _, ...of } = proposed.data;
    const { deadline: _inForce, ...force } = inForce.data;
    const past: ContractEvent[] = [{ type: 'ContractProposed', data: { ...of, dueAt: null } }, signedBy('unit'), signedBy('community')];
    expect(letTimePass(past.slice(0, 1))).toEqual(['2025-01-01T00:00 ContractClosed unsigned']);
    expect(letTimePass([...past, { type: 'ContractInForce', data: force }]).at(0)).toBe('2025-01-01T00:00 ContractEnded');
    const untimed = contractDecider.decide(please('sign'), stateAfter(past.slice(0, 2)), {
      ...TEST_CONTEXT,
      ...{ now: NOW, actor: { id: 'c', role: 'community', unit: 'Lakeside' }, tables: {} },
    });
    expect(untimed).toMatchObject({ events: [{}, { data: { dueAt: ENDS_AT, policy: 'default-contract-1' } }] });
  });
});

describe('a timer', () => {
  it('that comes early, late or for another step does nothing', () => {
    given(proposed)
      .when(please('tick', { step: 'missed' }), { now: ENDS_AT })
      .thenNothing(); // the reminder is first
    given(proposed)
      .when(please('tick', { step: 'approaching' }), { now: '2024-01-19T07:59:59.999+08:00' })
      .thenNothing();
    given(...toForce)
      .when(please('end'), { now: '2024-12-31T23:59:59.999+08:00' })
      .thenNothing();
    given(...toForce, ended())
      .when(please('end'), { now: ENDS_AT })
      .thenNothing();
    given(...toForce, noticed)
      .when(please('take-effect'), { now: '2024-01-23T23:59:59.999+08:00' })
      .thenNothing();
    given(...toForce)
      .when(please('take-effect'), { now: ENDS_AT })
      .thenNothing();
  });
  it('says what its time has come for', () => {
    given(proposed).when(please('end'), { now: ENDS_AT }).then(closed('unsigned'));
    given(...toForce, finished('i1'))
      .when(please('end'), { now: ENDS_AT })
      .then(ended(['i2']));
    given(...toForce, noticed)
      .when(please('take-effect'), { now: EFFECTIVE_AT })
      .then(terminated);
  });
  it('is not set once it is closed', () => {
    expect(contractDecider.due(stateAfter([proposed, closed('unsigned')]), { rules: 1 })).toBeNull();
    expect(contractDecider.due(contractDecider.initial, { rules: 1 })).toBeNull();
  });
});

describe('another policy or calendar', () => {
  const bringing = (tables: typeof TABLES) => ({ actor: retimer, tables });
  it('moves the deadline that runs, and says so', () => {
    const longer = tablesWith({ signWithin: { workingDays: 20 } });
    const [moved] = given(proposed)
      .when(please('retime'), bringing({ ...longer, policy: { ...longer.policy, version: 'later-1' } }))
      .thenAccepted();
    expect(moved).toMatchObject({ type: 'DeadlineMoved', data: { stage: 'proposed', cause: 'policy', oldDueAt: '2024-01-22T18:00:00.000+08:00' } });
  });
  it('moves the deadline for an item too', () => {
    const longer = tablesWith({ evaluateWithin: { workingDays: 20 } });
    const moved = given(...toForce, finishedInForce('i1'))
      .when(please('retime'), bringing(longer))
      .thenAccepted();
    expect(moved).toMatchObject([{ type: 'DeadlineMoved', data: { stage: 'i1', oldDueAt: '2024-01-22T18:00:00.000+08:00' } }]);
    expect(contractDecider.due(stateAfter([...toForce, finishedInForce('i1'), ...moved]), { rules: 1 })?.at.slice(0, 10)).toBe('2024-02-02');
  });
  it('moves the lapse with it', () => {
    const past = [...toForce, ended(), evaluatedBy('unit')];
    const patient = tablesWith({ lapseAfterWorkingDays: 3 });
    const [moved] = given(...past)
      .when(please('retime'), bringing(patient))
      .thenAccepted();
    expect(moved).toMatchObject({ data: { deadline: { steps: [{}, {}, {}, { kind: 'lapsed', at: '2025-01-20T08:00:00.000+08:00' }] } } });
  });
  it('moves nothing where it says the same, and nothing once it is closed', () => {
    for (const past of [[proposed], toForce, [...toForce, ended()]])
      given(...past)
        .when(please('retime'), bringing(TABLES))
        .thenNothing();
    given(proposed, closed('unsigned'))
      .when(please('retime'), bringing(tablesWith({ signWithin: { hours: 1 } })))
      .thenNothing();
  });
});
