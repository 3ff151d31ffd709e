import { anyDecider } from '@qiyue/engine';
import { anyAggregate, type Aggregate, type CommandDefinition } from '@qiyue/aggregate';
import { lightOf, numbered } from '@qiyue/civic-views';
import {
  COMMAND_SUMMARIES,
  CONTRACT_EVENT_CAUSES,
  CONTRACT_EVENT_TYPES,
  CONTRACT_FIELDS,
  contractCommandSchemas,
  contractEventSchemas,
  PUBLIC_CONTRACT_COMMANDS,
} from '@qiyue/contract-contracts';
import { contractDecider, TIMED_STAGES, type PublicContractCommandType } from '@qiyue/contract-domain';
import { nextDeadline, type ContractView } from '@qiyue/contract-views';
import { contractAccess } from './contract.access';
import { contractCalendar } from './contract.calendar';
import { CONTRACT_EVENT_WORDS } from './contract.event-words';
import { COMMAND_EXAMPLES } from './contract.examples';
import { contractListing } from './contract.listing';
import { CONTRACT_REFUSALS } from './contract.refusals';
import { CONTRACT_STAGE_TEXTS } from './contract.stages';
import { contractShown } from './contract.shown';
import { contractsModel } from './contracts-model';
import { contractNotices } from './notices/contract.notices';
import { contractPaper } from './papers/contract.paper';

const definitionOf = (type: PublicContractCommandType): CommandDefinition => ({
  schema: contractCommandSchemas[type],
  summary: COMMAND_SUMMARIES[type],
  example: COMMAND_EXAMPLES[type],
});

/** A step of its ladder that nobody took, or an end or effect that did not come. */
const overdueBefore = (before: string, dueUntil: string): object => ({
  'view.stage': { $in: TIMED_STAGES },
  $or: [
    { 'view.dueAt': { $gt: '', $lt: dueUntil }, 'view.clock.steps': { $elemMatch: { firedAt: null, at: { $gt: '', $lt: before } } } },
    { 'view.itemClocks': { $elemMatch: { steps: { $elemMatch: { firedAt: null, at: { $gt: '', $lt: before } } } } } },
    { 'view.stage': { $ne: 'evaluating' }, 'view.endsAt': { $lt: before } },
    { 'view.termination.effectiveAt': { $gt: '', $lt: before } },
  ],
});

/** What a unit and a community have agreed on for a year. */
export const contractAggregate: Aggregate<ContractView> = {
  decider: anyDecider(contractDecider),
  deciderModule: { path: require.resolve('@qiyue/contract-domain'), name: 'contractDecider' },
  path: 'contracts',
  idName: 'contractId',
  noun: { 'zh-CN': '共建契约', en: 'contract' },
  stages: CONTRACT_STAGE_TEXTS,
  eventWords: CONTRACT_EVENT_WORDS,
  commands: Object.fromEntries(PUBLIC_CONTRACT_COMMANDS.map((type) => [type, definitionOf(type)])),
  events: Object.fromEntries(CONTRACT_EVENT_TYPES.map((type) => [type, { schema: contractEventSchemas[type], ...CONTRACT_EVENT_CAUSES[type] }])),
  fields: CONTRACT_FIELDS,
  goldenBeside: require.resolve('@qiyue/contract-contracts'),
  refusals: CONTRACT_REFUSALS,
  access: contractAccess,
  model: contractsModel,
  shownOf: (view, at) => {
    const next = nextDeadline(view);
    return { ...view, ...numbered(view.contractId, view.createdAt), dueAt: next.dueAt, light: lightOf({ ...view, ...next }, at) };
  },
  shown: contractShown,
  listing: contractListing,
  papers: { contract: contractPaper },
  deadlines: { open: { 'view.stage': { $in: TIMED_STAGES } }, overdueBefore },
  privacy: { disputed: { 'view.amendment': { $ne: null } }, ended: { 'view.stage': 'closed' } },
  calendar: contractCalendar,
  notices: contractNotices,
};

export const contract = anyAggregate(contractAggregate);
