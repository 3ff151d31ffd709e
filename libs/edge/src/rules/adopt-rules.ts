import type { Client } from '@temporalio/client';
import { ADOPT_RULES, fingerprintOf, toShanghaiIso, workflowIdOf, workflowTypeOf, type Actor } from '@qiyue/engine';
import type { Command, CommandGateway } from '@qiyue/engine-runtime';
import { RULES_ATTRIBUTE } from './activate-rules';

const AT_ONCE = 8;
const ANSWER_MS = 20_000;
const ADOPTER: Actor = { id: 'rules', role: 'system', unit: null };

export interface Adoption {
  readonly moved: number;
  /** Entities that gave no outcome: they are found again by the next run. */
  readonly failed: readonly string[];
}

export interface AdoptOptions {
  readonly aggregate: string;
  readonly version: number;
  readonly taskQueue?: string;
  readonly onProgress?: (moved: number, total: number) => void;
}

const queryFor = (aggregate: string, version: number): string =>
  [
    `WorkflowType = "${workflowTypeOf(aggregate)}"`,
    'ExecutionStatus = "Running"',
    `(${RULES_ATTRIBUTE} IS NULL OR ${RULES_ATTRIBUTE} != "${version}")`,
  ].join(' AND ');

/** How many open entities are not on a version yet: none, and its predecessors' branches can go. */
export const countBehind = async (client: Client, aggregate: string, version: number): Promise<number> =>
  Number((await client.workflow.count(queryFor(aggregate, version))).count);

/**
 * Moves open entities onto a version, each by one command without events whose id names entity and version: run again it goes on where it stopped.
 * Entities that are busy in their own time move by their next command anyway.
 */
export const adoptRules = async (
  client: Client,
  gateway: Pick<CommandGateway, 'execute'>,
  { aggregate, version, onProgress }: AdoptOptions,
): Promise<Adoption> => {
  const total = await countBehind(client, aggregate, version);
  const prefix = workflowIdOf(aggregate, '');
  const found = client.workflow.list({ query: queryFor(aggregate, version) })[Symbol.asyncIterator]();
  const failed: string[] = [];
  let moved = 0;
  const work = async (): Promise<void> => {
    for (let next = await found.next(); next.done !== true; next = await found.next()) {
      const entity = next.value.workflowId.slice(prefix.length);
      if (await adopt(gateway, aggregate, entity, version)) moved += 1;
      else failed.push(entity);
      onProgress?.(moved, total);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { moved, failed };
};

const adopt = async (gateway: Pick<CommandGateway, 'execute'>, aggregate: string, entity: string, version: number): Promise<boolean> => {
  const [type, data, actor] = [ADOPT_RULES, {}, ADOPTER];
  const command: Command = {
    ...{ commandId: `system:rules:${version}:${entity}`, entity, type, data, actor, channel: 'system', receivedAt: toShanghaiIso(Date.now()) },
    ...{ fingerprint: fingerprintOf({ entity, type, data, actor }), rules: version, aggregate, starts: false },
  };
  const answer = await gateway.execute(command, ANSWER_MS);
  if (answer.kind === 'not-found') return true; // it has ended meanwhile
  if (answer.kind !== 'outcome') return false;
  await answer.appended;
  return answer.outcome.status === 'accepted';
};
