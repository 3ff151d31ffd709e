import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { Actor } from '@qiyue/engine';
import { LedgerStore, type CommandDocument } from '@qiyue/engine-runtime';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { Problem } from '../http/problem';
import { ENTITY_IDS, type EntityIds } from '../entities/entity-ids';
import { readQuery } from '../http/query';

export interface CommandState {
  readonly commandId: string;
  readonly state: CommandDocument['state'];
  readonly code?: string;
  readonly seq?: number;
  /** The entity's id, under the name that its aggregate has for it. */
  readonly [idName: string]: string | number | undefined;
}

@Controller('v1/commands')
export class CommandsController {
  constructor(
    @Inject(LedgerStore) private readonly store: LedgerStore,
    @Inject(ENTITY_IDS) private readonly ids: EntityIds,
  ) {}

  @Get(':commandId')
  async command(@Param('commandId') commandId: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<CommandState> {
    readQuery(z.strictObject({}), query);
    const found = await this.store.commands.find({ $or: [{ _id: commandId }, { commandId }] }).toArray();
    const document = found.find((row) => row.actor?.id === actor.id) ?? found.find(({ _id }) => _id === commandId);
    if (document === undefined) throw Problem.edge('no-such-command');
    return stateOf(document, this.ids);
  }
}

/** The entity is named unless it never came to be. */
export const stateOf = (
  { _id, commandId = _id, aggregate, state, code, entity, outcome }: CommandDocument,
  ids: Pick<EntityIds, 'of'>,
): CommandState => ({
  commandId,
  state,
  ...(code === undefined ? {} : { code }),
  ...(entity === '' || outcome?.seq === 0 ? {} : ids.of(aggregate, entity)),
  ...(outcome === undefined || outcome.seq === 0 ? {} : { seq: outcome.seq }),
});
