import type { RecordBody } from '@qiyue/engine';
import type { ProjectState } from '@qiyue/project-domain';
import type { Fact, ResourceEvent } from '@qiyue/resource-domain';
import type { World } from '../saga/simulated-world';
import { recordsOf } from './accounts';

type Reserved = Fact<'ResourceReserved'>['data'];

/** What is promised of a resource, as somebody keeps it who only reads what happened; with all that was promised twice. */
class Promises {
  readonly wrong: string[] = [];
  /** Held, and not used yet. */
  readonly held = new Map<string, Reserved>();
  private readonly ever = new Set<string>();
  /** What comes back is away until its span is over. */
  private readonly away: Reserved[] = [];
  private usedUp = 0;
  private quantity = 0;
  private comesBack = true;

  constructor(records: readonly RecordBody[]) {
    for (const { seq, type, data, time } of records) {
      this.take({ type, data } as ResourceEvent, seq);
      const most = this.mostFrom(time);
      if (most > this.quantity) this.wrong.push(`at ${seq}: ${most} promised of ${this.quantity}`);
    }
  }

  private take(event: ResourceEvent, seq: number): void {
    switch (event.type) {
      case 'ResourceOffered':
        this.comesBack = event.data.kind !== 'materials' && event.data.kind !== 'money';
        this.quantity = event.data.quantity;
        return;
      case 'ResourceChanged':
        this.quantity = event.data.quantity ?? this.quantity;
        return;
      case 'ResourceReserved': {
        const { reservationId } = event.data;
        if (this.ever.has(reservationId)) this.wrong.push(`at ${seq}: ${reservationId} twice`);
        this.ever.add(reservationId);
        return void this.held.set(reservationId, event.data);
      }
      case 'ReservationUsed':
      case 'ReservationFreed':
        return this.end(event, seq);
      default:
        return;
    }
  }

  private end({ type, data: { reservationId, quantity } }: Fact<'ReservationUsed' | 'ReservationFreed'>, seq: number): void {
    const held = this.held.get(reservationId);
    if (held === undefined) return void this.wrong.push(`${type} at ${seq} of ${reservationId}, which holds nothing`);
    this.held.delete(reservationId);
    if (type === 'ReservationFreed') return;
    if (this.comesBack) this.away.push(held);
    else this.usedUp += quantity;
  }

  /** The most that is promised or gone at any instant from `now` on. */
  private mostFrom(now: string): number {
    const all = [...this.held.values(), ...this.away];
    const sum = (promised: readonly Reserved[]): number => promised.reduce((before, { quantity }) => before + quantity, 0);
    if (!this.comesBack) return this.usedUp + sum([...this.held.values()]);
    const instants = [now, ...all.map(({ from }) => from).filter((from) => from > now)];
    return Math.max(...instants.map((at) => sum(all.filter(({ from, to }) => from <= at && at < to))));
  }
}

/** Never more promised than there is, at any seq; and once all is quiet what is promised to a project is what that project counts on. */
export const wrongPromises = (world: World): readonly string[] => {
  const projects = new Map(world.entitiesOf('project').map((project) => [project, world.stateOf<ProjectState>(project)]));
  return world.entitiesOf('resource').flatMap((resource) => {
    const { held, wrong } = new Promises(recordsOf(world, resource));
    const promised = [...held.values()].flatMap(({ projectId, reservationId }) => (projectId === undefined ? [] : [`${projectId} ${reservationId}`]));
    const counted = [...projects].flatMap(([project, state]) =>
      state.stage === 'nonexistent'
        ? []
        : state.reservations.flatMap(({ resourceId, reservationId }) => (resourceId === resource ? [`${project} ${reservationId}`] : [])),
    );
    const odd = [...new Set([...promised, ...counted])].filter((one) => promised.includes(one) !== counted.includes(one));
    return [...wrong, ...odd.map((one) => `is promised to or counted on by ${one} alone`)].map((one) => `${resource}: ${one}`);
  });
};
