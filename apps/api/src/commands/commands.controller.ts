import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { Actor } from '@qiyue/engine';
import { LedgerStore, type CommandDocument } from '@qiyue/engine-runtime';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { Problem } from '../http/problem';
import { readQuery } from '../http/query';

export interface CommandState {
  readonly commandId: string;
  readonly state: CommandDocument['state'];
  readonly code?: string;
  readonly needId?: string;
  readonly seq?: number;
}

@Controller('v1/commands')
export class CommandsController {
  constructor(@Inject(LedgerStore) private readonly store: LedgerStore) {}

  @Get(':commandId')
  async command(@Param('commandId') commandId: string, @Query() query: unknown, @CurrentActor() actor: Actor): Promise<CommandState> {
    readQuery(z.strictObject({}), query);
    const found = await this.store.commands.find({ $or: [{ _id: commandId }, { commandId }] }).toArray();
    const document = found.find((row) => row.actor?.id === actor.id) ?? found.find(({ _id }) => _id === commandId);
    if (document === undefined) throw Problem.edge('no-such-command');
    return stateOf(document);
  }
}

/** The need is named unless it was never born. */
export const stateOf = ({ _id, commandId = _id, state, code, entity, outcome }: CommandDocument): CommandState => ({
  commandId,
  state,
  ...(code === undefined ? {} : { code }),
  ...(entity === '' || outcome?.seq === 0 ? {} : { needId: entity }),
  ...(outcome === undefined || outcome.seq === 0 ? {} : { seq: outcome.seq }),
});
