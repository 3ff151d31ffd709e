import type { ContractState } from '@qiyue/contract-domain';
import { entityIdOf } from '@qiyue/engine';
import type { ProjectState } from '@qiyue/project-domain';
import { openOf, type ResourceState } from '@qiyue/resource-domain';
import { actorOf, AFTER, CENTRE, CORA, type Asked, type Data, type People } from './people';

const COMMUNITY = 'Lakeside';
const SPANS = [
  { from: '2024-12-21T00:00:00.000+08:00', to: '2024-12-23T00:00:00.000+08:00' },
  { from: '2024-12-22T00:00:00.000+08:00', to: '2024-12-28T00:00:00.000+08:00' },
  { from: '2024-12-23T00:00:00.000+08:00', to: '2024-12-30T00:00:00.000+08:00' },
];

/** Units and a community: what they agree on, what they give, and what they make of it. */
export class Parties {
  private readonly resources: readonly string[];

  constructor(
    private readonly people: People,
    private readonly units: readonly string[],
    private readonly needs: readonly string[],
  ) {
    this.resources = Array.from({ length: people.dice.between(1, 2) }, (_, i) => entityIdOf('resource', 'rod', `resource-${i}`));
  }

  begin(): void {
    const { dice } = this.people;
    for (const resource of this.resources) void this.give(resource, dice.between(1, 4));
    void this.pair(entityIdOf('contract', 'wes', 'contract'), dice.between(4, 11));
    if (dice.chance(0.7)) void this.plan(entityIdOf('project', 'wes', 'project'));
  }

  /** What they agree on; each item that is in force is soon a project that somebody leads. */
  private async pair(contract: string, commands: number): Promise<void> {
    const { dice } = this.people;
    const unit = dice.pick(this.units);
    await this.people.say('contract', contract, ['propose', this.terms(unit), dice.pick([CORA, actorOf('department', unit)])], 40);
    const led = new Set<string>();
    for (let i = 0; i < commands; i += 1) {
      const state = this.people.world.stateOf<ContractState>(contract);
      if (state === undefined || state.stage === 'nonexistent') return;
      await this.people.say('contract', contract, this.agreed(state), 25, i > 7 ? AFTER : undefined);
      for (const project of this.people.world.entitiesOf('project')) {
        if (this.stateOf(project).contractId !== contract || led.has(project) || dice.chance(0.3)) continue;
        led.add(project);
        void this.lead(project, dice.between(1, 5));
      }
    }
  }

  private terms(unit: string): Data {
    const { dice } = this.people;
    const items = Array.from({ length: dice.between(1, 2) }, (_, i) => ({ title: `item ${i}`, kind: 'service' }));
    return { unit, community: COMMUNITY, year: 2024, items, duties: DUTIES, startsOn: '2024-01-01', endsOn: '2024-12-31' };
  }

  private agreed(state: Exclude<ContractState, { readonly stage: 'nonexistent' }>): Asked {
    const { dice } = this.people;
    const by = dice.pick([CORA, actorOf('department', state.unit)]);
    const side = by === CORA ? 'community' : 'unit';
    const what = dice.next();
    if ('amendment' in state && state.amendment !== null && what < 0.7)
      return what < 0.5 ? ['agree-amendment', {}, by] : ['decline-amendment', { reason: 'r' }, by];
    if (what < 0.2) return ['amend', { reason: 'r', items: this.amended(state) }, by];
    if (state.stage === 'proposed') return what < 0.95 ? ['sign', {}, by] : ['withdraw', { reason: 'r' }, by];
    const { itemId } = dice.pick(state.items);
    if (what < 0.5) return ['finish-item', { itemId }, by];
    if (what < 0.9) return ['evaluate', { side, score: 4, ...(dice.chance(0.5) ? { itemId } : {}) }, by];
    return ['terminate', { reason: 'r' }, by];
  }

  private amended({ items }: Exclude<ContractState, { readonly stage: 'nonexistent' }>): Data[] {
    const kept = items.filter(() => this.people.dice.chance(0.7)).map((item) => ({ ...item }));
    return [...kept, { title: 'another item', kind: 'service' }];
  }

  private async plan(project: string): Promise<void> {
    const unit = this.people.dice.pick(this.units);
    await this.people.say('project', project, ['plan', { title: 'lights', unit, community: COMMUNITY }, CENTRE], 40);
    if (this.people.isThere('project', project)) await this.lead(project, this.people.dice.between(2, 6));
  }

  /** One after the other; needs and resources may be in another project, gone or taken by then. */
  private async lead(project: string, commands: number): Promise<void> {
    for (let i = 0; i < commands; i += 1) await this.people.say('project', project, this.nextOf(this.stateOf(project)), 25);
  }

  private nextOf({ unit, milestones, stage }: Exclude<ProjectState, { readonly stage: 'nonexistent' }>): Asked {
    const { dice } = this.people;
    const by = dice.pick([CORA, CENTRE, actorOf('department', unit)]);
    const what = dice.next();
    if (what < 0.45) return ['add-need', { needId: dice.pick(this.needs) }, by];
    if (what < 0.75) return ['add-resource', { resourceId: dice.pick(this.resources), quantity: dice.between(1, 2), ...dice.pick(SPANS) }, by];
    if (what < 0.82) return ['milestone', { title: milestones[0]?.title ?? 'm', ...(dice.chance(0.4) ? { dueOn: '2025-02-01' } : {}) }, by];
    if (what < 0.9) return ['cancel', { reason: 'r' }, by];
    return stage === 'planned' ? ['start', {}, by] : ['finish', {}, by];
  }

  private stateOf(project: string): Exclude<ProjectState, { readonly stage: 'nonexistent' }> {
    return this.people.world.stateOf(project);
  }

  /** Offered, promised to others than projects too, and taken back. */
  private async give(resource: string, commands: number): Promise<void> {
    const { dice } = this.people;
    const [giver, kind] = [actorOf('department', dice.pick(this.units)), dice.pick(['equipment', 'people', 'materials'])];
    await this.people.say('resource', resource, ['offer', { kind, name: 'a lorry', quantity: dice.between(1, 3) }, giver], 20);
    for (let i = 0; i < commands; i += 1) {
      const state = this.people.world.stateOf<ResourceState>(resource);
      if (state === undefined || state.stage === 'nonexistent') return;
      const [held] = openOf(state.reservations);
      await this.people.say('resource', resource, this.given(held?.reservationId, giver), 60);
    }
  }

  private given(reservationId: string | undefined, giver: Asked[2]): Asked {
    const { dice } = this.people;
    const what = dice.next();
    if (what < 0.35 || reservationId === undefined) return ['reserve', { quantity: dice.between(1, 2), ...dice.pick(SPANS) }, CORA];
    if (what < 0.55) return ['free', { reservationId }, CENTRE];
    if (what < 0.75) return ['use', { reservationId }, CENTRE];
    return what < 0.9 ? ['change', { quantity: dice.between(1, 4) }, giver] : ['withdraw', { reason: 'r' }, giver];
  }
}
const DUTIES = { community: ['c'], unit: ['u'] };
