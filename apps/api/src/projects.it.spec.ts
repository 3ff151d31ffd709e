import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyAggregate } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { ROLES } from '@qiyue/platform';
import { eventOf, openRecord, toShanghaiIso, type Actor } from '@qiyue/engine';
import { commandFor, eventually } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import type { Who } from './testing/test-tokens';

const NEXT = new Date().getFullYear() + 1;
const NOBODYS = '0123456789abcdefghjkmnpqrs';
const span = { from: `${NEXT}-06-01`, to: `${NEXT}-06-03` };
const SYSTEM: Actor = { id: 'reaction', role: 'system', unit: null };

const UNITS: Readonly<Record<string, string>> = { department: '住建局', community: '民悦社区', centre: '服务中心' };
const as = (role: string, unit = UNITS[role]): Who => ({ actor: `${role}-1`, role, ...(unit === undefined ? {} : { unit }) });
/** Every role, and offices that have nothing to do with it. */
const PEOPLE: readonly Who[] = [...ROLES.map((role) => as(role)), as('department', '水利局'), as('community', '涧东社区')];

interface Step {
  readonly type: string;
  readonly data: object;
  /** Absent: a process of ours. */
  readonly as?: Who;
}
const by =
  (role: string) =>
  (type: string, data: object = {}): Step => ({ type, data, as: as(role) });
const lead = by('department');
const told = (type: string, data: object): Step => ({ type, data });

/** What brings an entity, begun by a department, to where each can rest; and a body for each command. */
const KINDS: Readonly<
  Record<string, { readonly start: object; readonly places: Readonly<Record<string, readonly Step[]>>; readonly bodies: object }>
> = {
  resource: {
    start: { kind: 'equipment', name: '高空作业车', quantity: 2, unit: '台' },
    places: {
      'offered/free': [],
      'offered/reserved': [by('community')('reserve', { ...span, reservationId: 'r1' })],
      'withdrawn/settling': [by('community')('reserve', { ...span, reservationId: 'r1' }), lead('withdraw', { reason: '送修' })],
      'withdrawn/ended': [lead('withdraw', { reason: '送修' })],
    },
    bodies: {
      change: { quantity: 3 },
      withdraw: { reason: '送修' },
      reserve: { ...span, reservationId: 'r2' },
      use: { reservationId: 'r1' },
      free: { reservationId: 'r1' },
    },
  },
  project: {
    start: { title: '路灯', unit: '住建局', community: '民悦社区', endsOn: `${NEXT}-09-30` },
    places: {
      'planned/planning': [],
      'under-way/at-work': [told('need-moved', { needId: 'n1', stage: 'started' })],
      'finished/settling': [told('need-moved', { needId: 'n1', stage: 'evaluated' })],
      'cancelled/ended': [lead('cancel', { reason: '纳入市政改造' })],
    },
    bodies: {
      join: {},
      'add-need': { needId: NOBODYS },
      'add-resource': { resourceId: NOBODYS, ...span },
      start: {},
      milestone: { title: '基础', dueOn: `${NEXT}-07-15` },
      finish: {},
      cancel: { reason: '纳入市政改造' },
    },
  },
};
/** What the other entity says, where the own one would take it. */
const BY_SAGA: Readonly<Record<string, string>> = { 'add-need': 'no-such-need', 'add-resource': 'no-such-resource' };

class Kind {
  readonly aggregate: AnyAggregate;
  private readonly kind: (typeof KINDS)[string];

  constructor(
    private readonly bench: ApiBench,
    name: string,
  ) {
    const [aggregate, kind] = [AGGREGATES.find(({ decider }) => decider.aggregate === name), KINDS[name]];
    if (aggregate === undefined || kind === undefined) throw new Error(`no ${name}`);
    [this.aggregate, this.kind] = [aggregate, kind];
  }

  /** A new one, brought there. */
  async at(place: string): Promise<string> {
    const { path, idName } = this.aggregate;
    const { status, body } = await this.bench.post(`/v1/${path}`, as('department'), this.kind.start);
    expect([place, status]).toEqual([place, 201]);
    const id = String(body[idName]);
    for (const step of this.kind.places[place] ?? []) await this.does(id, step);
    expect(Object.values(this.aggregate.decider.summary(await this.stateOf(id))).join('/')).toBe(place);
    return id;
  }

  private async does(id: string, { type, data, as: who }: Step): Promise<void> {
    if (who !== undefined) {
      const { status, body } = await this.bench.post(`/v1/${this.aggregate.path}/${id}/${type}`, who, data);
      expect([type, status, body['code']]).toEqual([type, 200, undefined]);
      const seq = Number(body['seq']);
      await eventually(`record ${seq}`, async () => (await this.bench.engine.store.stream(id)).length >= seq);
      return;
    }
    const asked = commandFor(this.aggregate.decider, type, { ...data } as never, { entity: id, actor: SYSTEM });
    const answer = await this.bench.engine.gateway().execute({ ...asked, receivedAt: toShanghaiIso(this.bench.clock.nowMs()) }, 10_000);
    expect([type, answer]).toMatchObject([type, { kind: 'outcome', outcome: { status: 'accepted' } }]);
    if (answer.kind === 'outcome') await answer.appended;
  }

  /** As the ledger has it. */
  private async stateOf(id: string): Promise<unknown> {
    const { decider } = this.aggregate;
    const records = (await this.bench.engine.store.stream(id)).map(openRecord);
    return records.reduce<unknown>((state, record) => decider.evolve(state, eventOf(record), { rules: 1 }), decider.initial);
  }

  /** What the rules say to a command of somebody: a refusal's code, or null. */
  private async ruled(id: string, type: string, data: object, { actor, role, unit }: Who): Promise<string | null> {
    const { decider, commands } = this.aggregate;
    const context = {
      now: toShanghaiIso(this.bench.clock.nowMs()),
      actor: { id: actor, role, unit: unit ?? null },
      entity: id,
      commandId: 'c',
      tables: {},
      rules: 1,
    };
    const decision = decider.decide({ type, data: commands[type]?.schema.parse(data) as object }, await this.stateOf(id), context);
    return decision.ok ? (BY_SAGA[type] ?? null) : decision.refusal.code;
  }

  /** What everybody is told of every command there; each that is accepted meets a new entity. */
  async answersIn(place: string): Promise<readonly (readonly [wanted: string, seen: string])[]> {
    let id = await this.at(place);
    const answers: (readonly [string, string])[] = [];
    for (const [type, data] of Object.entries(this.kind.bodies) as readonly [string, object][])
      for (const who of PEOPLE) {
        const wanted = await this.ruled(id, type, data, who);
        const { status, body } = await this.bench.post(`/v1/${this.aggregate.path}/${id}/${type}`, who, data);
        const of = `${type} ${who.role} ${who.unit ?? ''}`;
        answers.push([`${of}: ${wanted ?? 200}`, `${of}: ${body['code'] === undefined ? status : String(body['code'])}`]);
        if (status === 200) id = await this.at(place);
      }
    return answers;
  }
}

describe('resources and projects, by a running API', () => {
  let bench: ApiBench;
  beforeAll(async () => {
    bench = await ApiBench.create({ QIYUE_REQUESTS_PER_SECOND: '0' });
  }, 60_000);
  afterAll(() => bench.close());

  const ROWS = Object.entries(KINDS).flatMap(([name, { places }]) => Object.keys(places).map((place) => [name, place] as const));
  it.each(ROWS)(
    'a %s in %s is told to everybody as its rules say',
    async (name, place) => {
      const answers = await new Kind(bench, name).answersIn(place);
      expect(answers.map(([, seen]) => seen)).toEqual(answers.map(([wanted]) => wanted));
      expect(answers.some(([, seen]) => seen.endsWith(': 200'))).toBe(!place.endsWith('/ended') && place !== 'finished/settling');
    },
    120_000,
  );
});
