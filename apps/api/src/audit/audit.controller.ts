import { Controller, Get, Inject, Query } from '@nestjs/common';
import { instantMsOf, toShanghaiIso, type Actor } from '@qiyue/engine';
import { Trail, type TrailEntry } from '@qiyue/engine-runtime';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { permit } from '../http/permit';
import { instantText, readQuery, wholeNumber } from '../http/query';
import { PAGE_MAX } from '../needs/list-query';
import { pageOf, timeCursor } from '../notices/time-cursor';

const word = z.string().min(1).max(200);
const STATES = ['pending', 'accepted', 'refused', 'dead'] as const;

const trailQuery = z.strictObject({
  actor: word.optional(),
  unit: word.optional(),
  command: word.optional(),
  needId: word.optional(),
  outcome: z.enum(STATES).optional(),
  code: word.optional(),
  from: instantText.optional(),
  to: instantText.optional(),
  limit: wholeNumber(1, PAGE_MAX).default(20),
  cursor: timeCursor.optional(),
});

/** A command and what became of it. `code` is that of a refusal. */
export interface TrailRow extends Pick<TrailEntry, 'commandId' | 'command' | 'channel' | 'at' | 'code'> {
  readonly needId: string;
  readonly actor: Actor;
  readonly outcome: TrailEntry['state'];
}
export interface TrailPage {
  readonly items: readonly TrailRow[];
  readonly nextCursor: string | null;
}

/** What actors did, or tried to: for whoever supervises. */
@Controller('v1/audit')
export class AuditController {
  constructor(@Inject(Trail) private readonly trail: Trail) {}

  @Get('commands')
  async commands(@Query() query: unknown, @CurrentActor() actor: Actor): Promise<TrailPage> {
    permit(actor, 'supervisor', 'operator');
    const { actor: actorId, needId, outcome, from, to, limit, cursor, ...which } = readQuery(trailQuery, query);
    const found = await this.trail.list({
      ...{ ...which, actorId, entity: needId, state: outcome, after: cursor, limit: limit + 1 },
      ...{ from: shanghaiOf(from), to: shanghaiOf(to) },
    });
    return pageOf(found, limit, ({ at, commandId }) => ({ at, id: commandId }), rowOf);
  }
}

/** Times are compared as text, so they have to be written alike. */
const shanghaiOf = (instant: string | undefined): string | undefined => (instant === undefined ? undefined : toShanghaiIso(instantMsOf(instant)));

const rowOf = ({ commandId, entity, command, actorId, role, unit, channel, at, state, code }: TrailEntry): TrailRow => ({
  ...{ commandId, needId: entity, command, channel, at, code },
  actor: { id: actorId, role, unit },
  outcome: state,
});
