import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import {
  ErasureHolds,
  ErasureRequests,
  eraseSubject,
  isErasable,
  sweepEnded,
  type Erased,
  type ErasureDeps,
  type ErasureRequest,
  type Hold,
  type SweepPorts,
} from '@qiyue/edge';
import type { Clock } from '@qiyue/platform';
import { PersonalSeal } from '@qiyue/privacy';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import { personalPathsIn, type AnyAggregate } from '@qiyue/aggregate';
import type { Retention } from '@qiyue/civic-domain';
import { z } from 'zod';
import { JOURNAL } from '../audit/journal.token';
import { ALL_AGGREGATES, ENTITY_IDS, type EntityIds } from '../entities/entity-ids';
import { CurrentActor } from '../http/authenticate';
import { maySeePersonal } from '../http/credential';
import { permit, permitAsSecond, readBody } from '../http/permit';
import { Problem } from '../http/problem';
import { unlessAway } from '../http/unless-away';
import { CLOCK } from '../notices/notices.controller';
import { exportPerson, type ExportPorts, type PersonExport } from './person-export';

/** What an export reads. */
export const EXPORT = Symbol('export');
/** What a sweep of what has ended needs. */
export const ENDED = Symbol('ended');
export type Ended = SweepPorts & { readonly retention: () => Retention };
/** What the port of erasure leans on. */
export const ERASURE = Symbol('erasure');

export const erasureBody = z.strictObject({ subject: z.string().min(1).max(200) });
/** Left out: whoever asks. */
export const exportBody = z.strictObject({ subject: z.string().min(1).max(200).optional() });
/** The number of a case, not a story about a person. */
export const holdBody = z.strictObject({ reference: z.string().trim().min(1).max(100) });
/** Of which aggregate need not be said where only one has a command of that name, nor of the first one. */
export const sealBodyOf = (aggregates: readonly AnyAggregate[]) =>
  z.strictObject({
    aggregate: z.enum(aggregates.map(({ decider }) => decider.aggregate)).optional(),
    command: z.enum([...new Set(aggregates.flatMap(({ commands }) => Object.keys(commands)))]),
    body: z.record(z.string(), z.unknown()),
  });

export interface SealedBody {
  readonly body: object;
}

/** The entity's id stands under the name that its aggregate has for it. */
export type ShownHold = Pick<Hold, 'why' | 'reference'> & Readonly<Record<string, string | null>>;

/** Entities of every kind are counted in `needs`, as before there was more than one. */
export interface ShownSwept {
  readonly endedBefore: string;
  readonly needs: number;
  readonly files: number;
}

/** `holds`: while there are any, nobody can approve it. */
export interface ShownErasure extends ErasureRequest {
  readonly holds: readonly ShownHold[];
}
export interface ErasureList {
  readonly items: readonly ShownErasure[];
}

@Controller('v1/privacy')
export class PrivacyController {
  constructor(
    @Inject(PersonalSeal) private readonly seal: PersonalSeal,
    @Inject(ERASURE) private readonly erasure: ErasureDeps,
    @Inject(EXPORT) private readonly exports: ExportPorts,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENDED) private readonly ended: Ended,
    @Inject(ErasureRequests) private readonly requests: ErasureRequests,
    @Inject(ErasureHolds) private readonly holds: ErasureHolds,
    @Inject(JOURNAL) private readonly journal: Journal,
    @Inject(ALL_AGGREGATES) private readonly aggregates: readonly AnyAggregate[],
    @Inject(ENTITY_IDS) private readonly ids: EntityIds,
  ) {}

  /** The body of a command as it may be sent over Kafka: what people wrote is sealed under the key of whoever asks. */
  @Post('sealed-bodies')
  @HttpCode(200)
  async sealed(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<SealedBody> {
    const { aggregate, command, body } = readBody(sealBodyOf(this.aggregates), asked);
    const definition = this.aggregates.find(
      ({ decider, commands }) => (aggregate ?? decider.aggregate) === decider.aggregate && Object.hasOwn(commands, command),
    );
    const schema = definition?.commands[command]?.schema;
    if (schema === undefined) throw Problem.edge('no-such-route');
    const data: object = readBody(schema, body);
    return { body: await unlessAway(this.seal.seal(personalPathsIn(schema), data, actor.id)) };
  }

  @Get('erasures')
  async list(@CurrentActor() actor: Actor): Promise<ErasureList> {
    permit(actor, 'GET /v1/privacy/erasures');
    return { items: await Promise.all((await unlessAway(this.requests.list())).map((request) => this.shown(request))) };
  }

  /** Nothing is destroyed yet: another person has to approve it. */
  @Post('erasures')
  @HttpCode(202)
  async ask(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<ShownErasure> {
    permit(actor, 'POST /v1/privacy/erasures');
    const { subject } = readBody(erasureBody, asked);
    if (!isErasable(subject)) throw Problem.edge('not-erasable');
    const request = this.requests.draft(subject, actor);
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'request-erasure', on: subject } });
    await unlessAway(this.requests.keep(request));
    return this.shown(request);
  }

  @Post('erasures/:erasureId/approve')
  @HttpCode(200)
  async approve(@Param('erasureId') erasureId: string, @CurrentActor() actor: Actor): Promise<Erased> {
    permit(actor, 'POST /v1/privacy/erasures/{erasureId}/approve');
    const request = await unlessAway(this.requests.get(erasureId));
    if (request === null) throw Problem.edge('no-such-erasure');
    permitAsSecond(actor, request.requestedBy);
    if (request.state !== 'pending') throw Problem.edge('not-pending');
    if ((await this.holds.of(request.subject)).length > 0) throw Problem.edge('on-hold');
    const approved = await unlessAway(this.requests.approve(erasureId, actor));
    if (approved === null) throw Problem.edge('not-pending');
    return unlessAway(eraseSubject(approved, this.erasure));
  }

  /** What they wrote stays until the hold is lifted. */
  @Put('holds/:subject')
  @HttpCode(204)
  async hold(@Param('subject') subject: string, @Body() asked: unknown, @CurrentActor() actor: Actor): Promise<void> {
    permit(actor, 'PUT /v1/privacy/holds/{subject}');
    const { reference } = readBody(holdBody, asked);
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'hold-erasure', on: subject } });
    await this.holds.order(subject, reference, actor);
  }

  @Delete('holds/:subject')
  @HttpCode(204)
  async lift(@Param('subject') subject: string, @CurrentActor() actor: Actor): Promise<void> {
    permit(actor, 'DELETE /v1/privacy/holds/{subject}');
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'lift-hold', on: subject } });
    await this.holds.lift(subject);
  }

  /** Files of what has been over for longer than the policy keeps personal words. */
  @Post('retention')
  @HttpCode(200)
  async sweep(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<ShownSwept> {
    permit(actor, 'POST /v1/privacy/retention');
    readBody(z.strictObject({}), asked);
    const now = toShanghaiIso(this.clock.nowMs());
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'sweep-retention', on: null } });
    const { endedBefore, entities, files } = await sweepEnded(now, this.ended.retention(), this.ended);
    return { endedBefore, needs: entities, files };
  }

  /** All that is held about a person: for themselves, or for the centre to hand to them. On record before anything is read. */
  @Post('exports')
  @HttpCode(200)
  @Header('Content-Disposition', 'attachment; filename="personal-data.json"')
  async export(@Body() asked: unknown, @CurrentActor() actor: Actor): Promise<PersonExport> {
    const { subject = actor.id } = readBody(exportBody, asked);
    if (!maySeePersonal(actor)) throw Problem.refused({ code: 'not-permitted' });
    if (subject !== actor.id) permit(actor, 'POST /v1/privacy/exports');
    await this.journal.insist(actor, { type: 'Exported', data: { what: 'personal-data', subject } });
    return unlessAway(exportPerson(subject, actor, toShanghaiIso(this.clock.nowMs()), this.exports));
  }

  private async shown(request: ErasureRequest): Promise<ShownErasure> {
    const holds = request.state === 'pending' ? await this.holds.of(request.subject) : [];
    const named = ({ why, aggregate, entity, reference }: Hold): ShownHold => ({
      why,
      ...(entity === null ? { needId: null } : this.ids.of(aggregate, entity)),
      reference,
    });
    return { ...request, holds: holds.map(named) };
  }
}
