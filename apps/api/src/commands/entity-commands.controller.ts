import { randomUUID } from 'node:crypto';
import { Body, Controller, Headers, Inject, Param, Post, Req, Res, type Type } from '@nestjs/common';
import type { AnyAggregate } from '@qiyue/aggregate';
import { toShanghaiIso } from '@qiyue/engine';
import type { Request, Response } from 'express';
import type { FormFiles } from '../files/form-files';
import { actorOf } from '../http/authenticate';
import { SentForm } from '../http/form-body';
import { Problem } from '../http/problem';
import { EntityCommandService, type Pending, type ShownStanding } from './entity-command.service';
import { readIdempotencyKey } from './idempotency-key';

/** `POST /v1/<path>` and `POST /v1/<path>/{id}/{command}` of one aggregate. */
export const commandsControllerOf = (aggregate: AnyAggregate, formFiles: FormFiles): Type => {
  const { path, idName, commands, decider } = aggregate;

  @Controller(`v1/${path}`)
  class EntityCommandsController {
    constructor(@Inject(EntityCommandService) private readonly service: EntityCommandService) {}

    @Post()
    start(
      @Body() body: unknown,
      @Headers('idempotency-key') key: unknown,
      @Req() req: Request,
      @Res({ passthrough: true }) res: Response,
    ): Promise<ShownStanding | Pending> {
      return this.take(decider.startsWith, null, body, key, req, res);
    }

    @Post(`:${idName}/:command`)
    command(
      @Param(idName) entity: string,
      @Param('command') command: string,
      @Body() body: unknown,
      @Headers('idempotency-key') key: unknown,
      @Req() req: Request,
      @Res({ passthrough: true }) res: Response,
    ): Promise<ShownStanding | Pending> {
      if (command === decider.startsWith || !Object.hasOwn(commands, command)) throw Problem.edge('no-such-route');
      return this.take(command, entity, body, key, req, res);
    }

    private async take(
      type: string,
      entity: string | null,
      body: unknown,
      key: unknown,
      req: Request,
      res: Response,
    ): Promise<ShownStanding | Pending> {
      const commandId = readIdempotencyKey(key) ?? randomUUID();
      res.setHeader('Idempotency-Key', commandId);
      res.setHeader('Command-Id', commandId);
      const asked = { commandId, type, entity, actor: actorOf(req), channel: 'http' as const, receivedAt: toShanghaiIso(Date.now()) };
      const sent = body instanceof SentForm ? await formFiles.attach(body, asked) : { body };
      const { standing, isNew } = await this.service.execute({ ...asked, body: sent.body }, aggregate, req.headers.authorization ?? '');
      if ('tell' in sent) await sent.tell();
      if (isPending(standing)) res.status(202).setHeader('Location', `/v1/commands/${encodeURIComponent(commandId)}`);
      else res.status(isNew ? 201 : 200);
      return standing;
    }
  }
  return EntityCommandsController;
};

const isPending = (standing: ShownStanding | Pending): standing is Pending => !('seq' in standing);
