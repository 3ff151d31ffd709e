import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { LedgerStore, type CommandDocument } from '@qiyue/engine-runtime';
import { z } from 'zod';
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
  async command(@Param('commandId') commandId: string, @Query() query: unknown): Promise<CommandState> {
    readQuery(z.strictObject({}), query);
    const document = await this.store.commands.findOne({ _id: commandId });
    if (document === null) throw Problem.edge('no-such-command');
    return stateOf(document);
  }
}

/** The need is named unless it was never born. */
export const stateOf = ({ _id, state, code, entity, outcome }: CommandDocument): CommandState => ({
  commandId: _id,
  state,
  ...(code === undefined ? {} : { code }),
  ...(entity === '' || outcome?.seq === 0 ? {} : { needId: entity }),
  ...(outcome === undefined || outcome.seq === 0 ? {} : { seq: outcome.seq }),
});
