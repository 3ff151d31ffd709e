import type { Actor, CommandEnvelope } from '@qiyue/engine';
import { anyDecider, type Command, type CommandGateway } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { commandFor } from '@qiyue/testkit';

export const COMMUNITY = '民悦社区';
export const UNIT = '稷山县政府办';
export const GRID: Actor = { id: 'grid-1', role: 'grid', unit: COMMUNITY };
export const STAFF: Actor = { id: 'staff-1', role: 'community', unit: COMMUNITY };
export const DEPARTMENT: Actor = { id: 'office-1', role: 'department', unit: UNIT };
const WAIT_MS = 30_000;

export const NEED = anyDecider(needDecider);
export const PAD = '进度'.repeat(50);

const SUBMITTED: CommandEnvelope['data'] = {
  title: '安装太阳能路灯',
  kind: 'tangible',
  items: [{ name: '太阳能路灯', quantity: 20, unit: '个' }],
  community: COMMUNITY,
};

/** What recorded lives ask for. */
export const LAMPS: CommandEnvelope['data'] = {
  title: '路灯',
  kind: 'tangible',
  items: [{ name: '路灯', quantity: 20, unit: '个' }],
  community: COMMUNITY,
};

/** Executes a command and sees to it that it was accepted; `appended` when it is in the ledger. */
export const must = async (gateway: CommandGateway, command: Command): Promise<{ readonly seq: number; readonly appended: Promise<unknown> }> => {
  const answer = await gateway.execute(command, WAIT_MS);
  if (answer.kind !== 'outcome' || answer.outcome.status !== 'accepted')
    throw new Error(`bench: ${command.type} was not accepted: ${JSON.stringify(answer)}`);
  return { seq: answer.outcome.seq, appended: answer.appended };
};

/** A need that its lead may fund. */
export const claimedNeed = async (gateway: CommandGateway): Promise<string> => {
  const submit = commandFor(NEED, 'submit', SUBMITTED, { actor: GRID });
  await must(gateway, submit);
  const { entity } = submit;
  await must(gateway, commandFor(NEED, 'claim', { unit: UNIT, plan: '招标采购' }, { entity, actor: DEPARTMENT }));
  return entity;
};

/** A need in works, ready to take any number of progress reports. */
export const needInWorks = async (gateway: CommandGateway): Promise<string> => {
  const entity = await claimedNeed(gateway);
  await must(gateway, commandFor(NEED, 'fund', { amountFen: 3_000_000, source: 'department', reference: '2024-07' }, { entity, actor: DEPARTMENT }));
  await (
    await must(gateway, commandFor(NEED, 'start', {}, { entity, actor: DEPARTMENT }))
  ).appended;
  return entity;
};

export const progress = (entity: string): Command => commandFor(NEED, 'progress', { note: PAD }, { entity, actor: DEPARTMENT });
