import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { Actor } from '@qiyue/engine';
import { Trail, type TrailEntry } from '@qiyue/engine-runtime';
import { AUDIT_FACTS, FactTrail, WAYS, type TrailFact } from '@qiyue/audit';
import { PAGE_MAX, pageCursor, pageOf } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { CurrentActor } from '../http/authenticate';
import { permit } from '../http/permit';
import { instantText, readQuery, recordBound, wholeNumber } from '../http/query';
import { ENTITY_IDS, type EntityIds } from '../entities/entity-ids';

const word = z.string().min(1).max(200);
const STATES = ['pending', 'accepted', 'refused', 'dead'] as const;

const common = {
  actor: word.optional(),
  unit: word.optional(),
  needId: word.optional(),
  entity: word.optional(),
  code: word.optional(),
  from: instantText.optional(),
  to: instantText.optional(),
  limit: wholeNumber(1, PAGE_MAX).default(20),
  cursor: pageCursor.optional(),
};
export const trailQuery = z.strictObject({
  ...common,
  command: word.optional(),
  outcome: z.enum(STATES).optional(),
});
export const factQuery = z.strictObject({
  ...common,
  type: z.enum(AUDIT_FACTS).optional(),
  subject: word.optional(),
  way: z.enum(WAYS).optional(),
  address: word.optional(),
});

/** A command and what became of it. `code` is that of a refusal. */
export type TrailRow = Pick<TrailEntry, 'commandId' | 'command' | 'channel' | 'at' | 'code'> & {
  readonly aggregate: string;
  readonly actor: Actor;
  readonly outcome: TrailEntry['state'];
} & Readonly<Record<string, unknown>>;
/** The entity's id stands under its aggregate's name, too. */
export type FactRow = Omit<TrailFact, 'idName'> & Readonly<Record<string, unknown>>;
export interface TrailPage {
  readonly items: readonly TrailRow[];
  readonly nextCursor: string | null;
}

/** What actors did, or tried to: for whoever supervises. */
@Controller('v1/audit')
export class AuditController {
  constructor(
    @Inject(Trail) private readonly trail: Trail,
    @Inject(FactTrail) private readonly facts: FactTrail,
    @Inject(ENTITY_IDS) private readonly ids: EntityIds,
  ) {}

  @Get('commands')
  async commands(@Query() query: unknown, @CurrentActor() actor: Actor): Promise<TrailPage> {
    permit(actor, 'GET /v1/audit/commands');
    const { actor: actorId, needId, entity = needId, outcome, from, to, limit, cursor, ...which } = readQuery(trailQuery, query);
    const found = await this.trail.list({
      ...{ ...which, actorId, entity, state: outcome, after: cursor, limit: limit + 1 },
      ...{ from: shanghaiOf(from), to: shanghaiOf(to) },
    });
    return pageOf(
      found,
      limit,
      ({ at, commandId }) => ({ at, id: commandId }),
      (entry) => this.rowOf(entry),
    );
  }

  /** Who was refused, who saw or took away what, who came in, what operators did; how they came in, and from where. */
  @Get('facts')
  async happened(@Query() query: unknown, @CurrentActor() actor: Actor): Promise<FactPage> {
    permit(actor, 'GET /v1/audit/facts');
    const { actor: actorId, needId, entity = needId, from, to, limit, cursor, ...which } = readQuery(factQuery, query);
    const found = await this.facts.list({ ...which, entity, actorId, after: cursor, limit: limit + 1, from: shanghaiOf(from), to: shanghaiOf(to) });
    return pageOf(found, limit, ({ at, id }) => ({ at, id }), factRowOf);
  }

  private rowOf({ commandId, aggregate, entity, command, actorId, role, unit, channel, at, state, code }: TrailEntry): TrailRow {
    return {
      ...{ commandId, aggregate, ...this.ids.of(aggregate, entity), command, channel, at, code },
      actor: { id: actorId, role, unit },
      outcome: state,
    };
  }
}

export interface FactPage {
  readonly items: readonly FactRow[];
  readonly nextCursor: string | null;
}

const shanghaiOf = (instant: string | undefined): string | undefined => (instant === undefined ? undefined : recordBound(instant));

const factRowOf = ({ idName, entity, ...fact }: TrailFact): FactRow => ({
  ...fact,
  entity,
  needId: null,
  ...(idName === null ? {} : { [idName]: entity }),
});
