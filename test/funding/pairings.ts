import type { ContractEvent, Side } from '@qiyue/contract-domain';
import type { RecordBody } from '@qiyue/engine';
import type { NeedState } from '@qiyue/need-domain';
import type { Fact, NeedStage, ProjectState } from '@qiyue/project-domain';
import type { World } from '../saga/simulated-world';
import { recordsOf } from './accounts';

const SIDES: readonly Side[] = ['community', 'unit'];
const SIDE_OF: Readonly<Record<string, Side>> = { community: 'community', department: 'unit' };

/** A contract as somebody reads it who only has what happened; with all that came of it before both had signed. */
class Paper {
  readonly wrong: string[] = [];
  /** Items that were ever in force. */
  readonly agreed = new Set<string>();
  private items: readonly string[] = [];
  private readonly signed = new Set<Side>();
  private isInForce = false;
  private isClosed = false;
  private proposer: Side | null = null;
  private readonly finished = new Set<string>();
  private readonly evaluated = new Set<string>();

  constructor(records: readonly RecordBody[]) {
    for (const { seq, type, data, actor } of records) {
      const expect = (isRight: boolean, what: string): void => void (isRight || this.wrong.push(`${type} at ${seq}: ${what}`));
      expect(!this.isClosed, 'closed before');
      this.take({ type, data } as ContractEvent, SIDE_OF[actor.role] ?? null, expect);
    }
  }

  private take(event: ContractEvent, by: Side | null, expect: (isRight: boolean, what: string) => void): void {
    switch (event.type) {
      case 'ContractProposed':
        this.items = event.data.items.map(({ itemId }) => itemId);
        return;
      case 'SignatureGiven':
        expect(by === event.data.side && !this.signed.has(event.data.side) && !this.isInForce, 'signed by another, or twice');
        return void this.signed.add(event.data.side);
      case 'AmendmentProposed':
        this.proposer = by;
        return;
      case 'ContractAmended':
        expect(by !== null && by !== this.proposer, 'agreed on by one side alone');
        return this.amended(event.data.items);
      case 'ContractInForce':
        expect(this.signed.size === 2, 'not signed by both');
        this.isInForce = true;
        return this.inForce();
      case 'ItemFinished':
        this.finished.add(event.data.itemId);
        return expect(this.isInForce, 'not in force');
      case 'SideEvaluated': {
        const { side, itemId } = event.data;
        const key = `${side} ${itemId ?? ''}`;
        expect(this.isInForce && by === side && !this.evaluated.has(key) && (itemId === undefined || this.finished.has(itemId)), key);
        return void this.evaluated.add(key);
      }
      case 'TerminationGiven':
      case 'ContractTerminated':
      case 'ContractEnded':
        this.isClosed = event.type === 'ContractTerminated';
        return expect(this.isInForce, 'not in force');
      case 'ContractWithdrawn':
        this.isClosed = true;
        return expect(!this.isInForce, 'in force');
      case 'ContractClosed':
        this.isClosed = true;
        return expect(event.data.cause === (this.isInForce ? 'evaluated' : 'unsigned') && (!this.isInForce || this.isAllSaid), event.data.cause);
      default:
        return;
    }
  }

  /** What was signed before is void. */
  private amended(items: readonly { readonly itemId: string }[]): void {
    this.items = items.map(({ itemId }) => itemId);
    this.proposer = null;
    if (this.isInForce) this.inForce();
    else this.signed.clear();
  }

  private inForce(): void {
    for (const item of this.items) this.agreed.add(item);
  }

  private get isAllSaid(): boolean {
    return SIDES.every((side) => ['', ...this.finished].every((item) => this.evaluated.has(`${side} ${item}`)));
  }
}

/** Sees everything in the order in which it happens. */
export class Witness {
  readonly wrong: string[] = [];
  private readonly seen = new Set<string>();

  /** An entity has new records. No project comes of a contract that is not in force. */
  hear(world: World, entity: string): void {
    if (this.seen.has(entity) || !world.entitiesOf('project').includes(entity)) return;
    this.seen.add(entity);
    const { contractId, itemId } = plannedIn(world, entity) ?? {};
    if (contractId === undefined || itemId === undefined) return;
    if (!new Paper(recordsOf(world, contractId)).agreed.has(itemId))
      this.wrong.push(`${entity} comes of ${itemId} of ${contractId}, which nobody has signed`);
  }
}

const plannedIn = (world: World, project: string): Fact<'ProjectPlanned'>['data'] | undefined =>
  recordsOf(world, project).find(({ type }) => type === 'ProjectPlanned')?.data as Fact<'ProjectPlanned'>['data'] | undefined;

/** Every item that was ever in force has one project, and no other has any. */
const wrongItems = (world: World): readonly string[] => {
  const agreed = world
    .entitiesOf('contract')
    .flatMap((contract) => [...new Paper(recordsOf(world, contract)).agreed].map((item) => `${contract} ${item}`));
  const planned = world.entitiesOf('project').flatMap((project) => {
    const { contractId, itemId } = plannedIn(world, project) ?? {};
    return contractId === undefined ? [] : [`${contractId} ${itemId}`];
  });
  return [...new Set([...agreed, ...planned])]
    .map((item) => [item, planned.filter((one) => one === item).length, agreed.includes(item) ? 1 : 0] as const)
    .filter(([, found, wanted]) => found !== wanted)
    .map(([item, found]) => `${item} has ${found} projects`);
};

/** Written down a second time, apart from the reactions. */
const STAGE_AFTER: Readonly<Record<string, NeedStage>> = {
  ...{
    NeedSubmitted: 'submitted',
    NeedClaimed: 'claimed',
    ClaimReturned: 'submitted',
    NeedFunded: 'funded',
    WorksStarted: 'started',
    WorksReported: 'started',
  },
  ...{ WorksCancelled: 'claimed', NeedDone: 'done', NeedEvaluated: 'evaluated', EvaluationLapsed: 'evaluated', NeedReopened: 'claimed' },
  ...{ NeedWithdrawn: 'withdrawn', NeedRejected: 'rejected', NeedMerged: 'merged' },
};
const stageOf = (world: World, need: string): NeedStage | undefined =>
  recordsOf(world, need).reduce<NeedStage | undefined>((before, { type }) => STAGE_AFTER[type] ?? before, undefined);

const ENDED: readonly (NeedStage | undefined)[] = ['evaluated', 'withdrawn', 'rejected', 'merged'];
const DONE: readonly (NeedStage | undefined)[] = ['done', ...ENDED];
const BEGUN: readonly (NeedStage | undefined)[] = ['started', 'done', 'evaluated'];

/** Where a project is, by where its needs are. */
const wrongCourse = (world: World, project: string): readonly string[] => {
  const state = world.stateOf<ProjectState>(project);
  if (state.stage === 'nonexistent' || state.stage === 'cancelled') return [];
  const needs = state.needs.filter(({ stage }) => stage !== 'left');
  const stages = needs.map(({ needId }) => stageOf(world, needId));
  const odd = needs.filter(({ needId, stage }, i) => stage !== stages[i] || world.stateOf<{ projectId?: string }>(needId).projectId !== project);
  const isAllOver =
    stages.includes('evaluated') && stages.every((stage) => ENDED.includes(stage)) && state.milestones.every(({ isReached }) => isReached);
  const isRight = {
    planned: !stages.some((stage) => BEGUN.includes(stage)),
    'under-way': !isAllOver,
    finished: stages.every((stage) => DONE.includes(stage)),
  }[state.stage];
  return [
    ...odd.map(({ needId, stage }) => `${project} has ${needId} as ${stage}, which is ${stageOf(world, needId)}`),
    ...(isRight ? [] : [`${project} is ${state.stage}, and its needs are ${stages.join()}`]),
  ];
};

/** A need that something is done about is in no project that does not know it, or is over. */
const wrongMembers = (world: World): readonly string[] =>
  world.entitiesOf('need').flatMap((need) => {
    const { projectId } = world.stateOf<NeedState & { projectId?: string }>(need);
    if (projectId === undefined || ENDED.includes(stageOf(world, need))) return [];
    const state = world.stateOf<ProjectState>(projectId);
    const isIn = state.stage !== 'nonexistent' && state.stage !== 'cancelled' && state.needs.some(({ needId }) => needId === need);
    return isIn ? [] : [`${need} is in ${projectId}, which is ${state.stage}`];
  });

/** A contract is signed by both before anything follows of it, its items are projects, and those follow their needs. */
export const wrongPairings = (world: World): readonly string[] => [
  ...world.entitiesOf('contract').flatMap((contract) => new Paper(recordsOf(world, contract)).wrong.map((one) => `${contract}: ${one}`)),
  ...wrongItems(world),
  ...world.entitiesOf('project').flatMap((project) => wrongCourse(world, project)),
  ...wrongMembers(world),
];
