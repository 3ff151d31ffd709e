import { openRecord, type RecordBody } from '@qiyue/engine';
import type { DecisionEvent } from '@qiyue/decision-domain';
import { isAt, type Fact, type NeedState } from '@qiyue/need-domain';
import { availableFenOf, reservedFenOf, unitYearDecider, type UnitYearEvent, type UnitYearState } from '@qiyue/unit-year-domain';
import type { World } from '../saga/simulated-world';

type OfMoney = Extract<UnitYearEvent, { readonly data: { readonly reservationId: string } }>;

/** A unit's year as somebody keeps it who only reads what happened, apart from the rules; with all that does not add up on the way. */
class Account {
  readonly reserved = new Map<string, number>();
  committedFen = 0;
  readonly wrong: string[] = [];
  private grantedFen: number | null = null;
  private readonly ended = new Set<string>();
  private state: UnitYearState = unitYearDecider.initial;

  constructor(records: readonly RecordBody[]) {
    for (const record of records) this.take(record);
  }

  private take({ seq, type, data }: RecordBody): void {
    const event = { type, data } as UnitYearEvent;
    if (event.type === 'BudgetSet' || event.type === 'BudgetAdjusted') this.grantedFen = event.data.amountFen;
    if ('reservationId' in event.data) this.move(event as OfMoney, seq);
    this.state = unitYearDecider.evolve(this.state, event, { rules: 1 });
    if (this.state.stage !== 'nonexistent') this.compare(this.state, seq);
  }

  private move({ type, data }: OfMoney, seq: number): void {
    const id = data.reservationId;
    const held = this.reserved.get(id);
    const expect = (isRight: boolean): void => void (isRight || this.wrong.push(`${type} at ${seq} of ${id}, which holds ${held ?? 'nothing'}`));
    switch (type) {
      case 'FundsReserved':
        expect(held === undefined && !this.ended.has(id));
        return void this.reserved.set(id, data.amountFen);
      case 'ReservationResized':
        expect(held === data.beforeFen);
        return void this.reserved.set(id, data.amountFen);
      case 'FundsCommitted':
        expect(held === data.amountFen + data.returnedFen);
        this.committedFen += data.amountFen;
        return this.end(id);
      case 'FundsReleased':
        expect(held === data.amountFen);
        return this.end(id);
    }
  }

  private end(id: string): void {
    this.reserved.delete(id);
    this.ended.add(id);
  }

  /** granted = available + reserved + committed, each at least nothing. */
  private compare(state: Exclude<UnitYearState, { readonly stage: 'nonexistent' }>, seq: number): void {
    const reservedFen = [...this.reserved.values()].reduce((sum, fen) => sum + fen, 0);
    const availableFen = availableFenOf(state);
    const isSame = reservedFenOf(state) === reservedFen && state.committedFen === this.committedFen && state.grantedFen === this.grantedFen;
    const addsUp = availableFen === null || availableFen + reservedFen + this.committedFen === this.grantedFen;
    const isLess = Math.min(availableFen ?? 0, reservedFen, this.committedFen) < 0;
    if (!isSame || !addsUp || isLess)
      this.wrong.push(`at ${seq}: ${this.grantedFen} granted, ${reservedFen} reserved, ${this.committedFen} committed`);
  }
}

export const recordsOf = (world: World, entity: string): readonly RecordBody[] => world.recordsOf(entity).map(openRecord);

/** What the owners' decision says of their money by its own records: at no seq more than they decided on. */
class OwnersAccount {
  readonly reserved = new Map<string, number>();
  committedFen = 0;
  private drawnFen = 0;
  readonly wrong: string[] = [];

  constructor(records: readonly RecordBody[]) {
    let budgetFen = 0;
    for (const { seq, type, data } of records) {
      const event = { type, data } as DecisionEvent;
      if (event.type === 'DecisionOpened' || event.type === 'PlanRevised') budgetFen = event.data.plan.budgetFen;
      this.take(event);
      const heldFen = [...this.reserved.values()].reduce((sum, fen) => sum + fen, 0) + this.committedFen;
      if (heldFen > budgetFen) this.wrong.push(`at ${seq}: ${heldFen} of ${budgetFen}`);
      if (event.type === 'FundDrawn' && (this.drawnFen > heldFen || event.data.drawnFen !== this.drawnFen))
        this.wrong.push(`at ${seq}: ${event.data.drawnFen} drawn of ${heldFen}, and by hand ${this.drawnFen}`);
      if (event.type === 'FundRepaid' && (this.drawnFen < heldFen || event.data.drawnFen !== this.drawnFen))
        this.wrong.push(`at ${seq}: ${event.data.drawnFen} still out of ${heldFen}, and by hand ${this.drawnFen}`);
    }
  }

  private take(event: DecisionEvent): void {
    switch (event.type) {
      case 'FundsReserved':
      case 'ReservationResized':
        return void this.reserved.set(event.data.reservationId, event.data.amountFen);
      case 'FundsCommitted':
        this.committedFen += event.data.amountFen;
        return void this.reserved.delete(event.data.reservationId);
      case 'FundsReleased':
        return void this.reserved.delete(event.data.reservationId);
      case 'FundDrawn':
        this.drawnFen += event.data.amountFen;
        return;
      case 'FundRepaid':
        this.drawnFen -= event.data.amountFen;
        return;
      default:
        return;
    }
  }
}

/** The same of decisions: what waits there is what funded needs say, what was spent is what those that are done say. */
const wrongOfOwners = (world: World): readonly string[] =>
  world.entitiesOf('decision').flatMap((decision) => {
    const { reserved, committedFen, wrong } = new OwnersAccount(recordsOf(world, decision));
    const states = world.entitiesOf('need').map((need) => world.stateOf<NeedState>(need));
    const held = new Map(
      states.flatMap((state) => {
        const owners = isAt(state, ['funded']) ? state.money?.owners : undefined;
        return owners?.decisionId === decision ? [[owners.reservationId, owners.fundFen] as const] : [];
      }),
    );
    const spentFen = world
      .entitiesOf('need')
      .flatMap((need) => recordsOf(world, need))
      .flatMap(({ type, data }) => (type === 'NeedDone' ? [data as Fact<'NeedDone'>['data']] : []))
      .reduce((sum, { owners, ownersSpentFen = 0 }) => sum + (owners?.decisionId === decision ? ownersSpentFen : 0), 0);
    return [...wrong.map((one) => `${decision}: ${one}`), ...differences(decision, reserved, held, committedFen, spentFen)];
  });

/** What is reserved for nothing, not reserved, reserved twice, or spent by nobody, once all is quiet. */
export const wrongMoney = (world: World): readonly string[] => {
  const held = new Map<string, Map<string, number>>();
  const spent = new Map<string, number>();
  const unpaid: string[] = [];
  for (const need of world.entitiesOf('need')) {
    const state = world.stateOf<NeedState>(need);
    if (isAt(state, ['funded'])) {
      const { reservation = null, source } = state.money ?? {};
      if (reservation === null && source === 'department') unpaid.push(`${need} is funded out of nothing`);
      if (source === 'maintenance-fund' && state.money?.owners === undefined) unpaid.push(`${need} is funded out of no owners’ fund`);
      if (reservation !== null) {
        const ofYear = held.get(reservation.unitYearId) ?? new Map<string, number>();
        held.set(reservation.unitYearId, ofYear.set(reservation.reservationId, reservation.departmentFen));
      }
    }
    for (const { type, data } of recordsOf(world, need)) {
      const { reservation, spentFen = 0 } = type === 'NeedDone' ? (data as Fact<'NeedDone'>['data']) : {};
      if (reservation !== undefined) spent.set(reservation.unitYearId, (spent.get(reservation.unitYearId) ?? 0) + spentFen);
    }
  }
  return [
    ...unpaid,
    ...wrongOfOwners(world),
    ...world.entitiesOf('unit-year').flatMap((year) => wrongIn(world, year, held.get(year) ?? new Map(), spent.get(year) ?? 0)),
  ];
};

const wrongIn = (world: World, year: string, held: ReadonlyMap<string, number>, spentFen: number): readonly string[] => {
  const { reserved, committedFen, wrong } = new Account(recordsOf(world, year));
  return [...wrong.map((one) => `${year}: ${one}`), ...differences(year, reserved, held, committedFen, spentFen)];
};

type Held = ReadonlyMap<string, number>;

/** Between what an entity holds and has spent, and what needs say of it. */
const differences = (entity: string, reserved: Held, held: Held, committedFen: number, spentFen: number): readonly string[] => [
  ...[...new Set([...held.keys(), ...reserved.keys()])]
    .filter((id) => held.get(id) !== reserved.get(id))
    .map((id) => `${entity} holds ${reserved.get(id) ?? 0} as ${id}, and needs ${held.get(id) ?? 0}`),
  ...(committedFen === spentFen ? [] : [`${entity} has spent ${committedFen}, and needs say ${spentFen}`]),
];
