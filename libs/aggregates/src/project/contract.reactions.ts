import type { EventShape, Reaction, ReactionCommand } from '@qiyue/engine';
import { projectIdOf } from '@qiyue/project-domain';
import { toProject } from './project.steps';

/** What of a contract's event makes projects. The contract's id is the record's where the event names none. */
export interface ItemsInForce {
  readonly contractId?: string;
  readonly unit: string;
  readonly community: string;
  readonly startsOn?: string;
  readonly endsOn?: string;
  readonly items: readonly { readonly itemId: string; readonly title: string; readonly dueOn?: string }[];
  /** Of an amendment: one that is not signed yet has made no projects. */
  readonly stage?: string;
}

/** A project for each item, made once however often it is said: its id follows from contract and item. Due by the item's own day, or by the contract's end. */
export const projectsOf = ({ unit, community, startsOn, endsOn, items }: ItemsInForce, contractId: string): readonly ReactionCommand[] =>
  items.map(({ itemId, title, dueOn = endsOn }) => ({
    ...toProject(projectIdOf({ contractId, itemId }), 'plan-item', {
      ...{ title, unit, community, contractId, itemId },
      ...(startsOn === undefined ? {} : { startsOn }),
      ...(dueOn === undefined ? {} : { endsOn: dueOn }),
    }),
    starts: true,
  }));

const IN_FORCE = 'in-force';

/** For the definition of contracts: the items of one that is in force become projects, those too that are added to it later. */
export const CONTRACT_REACTIONS: readonly Reaction[] = [
  {
    name: 'plan-projects',
    on: ['ContractInForce', 'ContractAmended'],
    commands: (event: EventShape, { entity }) => {
      const data = event.data as ItemsInForce;
      return (data.stage ?? IN_FORCE) === IN_FORCE ? projectsOf(data, data.contractId ?? entity) : [];
    },
  },
];
