import { randomUUID } from 'node:crypto';
import { Body, Controller, Headers, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { toShanghaiIso } from '@qiyue/engine';
import type { NeedCommandRequest, NeedStanding } from '@qiyue/adapters';
import { isPublicNeedCommand } from '@qiyue/need-contracts';
import type { PublicNeedCommandType } from '@qiyue/need-domain';
import type { Request, Response } from 'express';
import { actorOf } from '../http/authenticate';
import { Problem } from '../http/problem';
import { readIdempotencyKey } from './idempotency-key';
import { NeedCommandService, type Pending } from './need-command.service';

@Controller('v1/needs')
export class NeedCommandsController {
  constructor(@Inject(NeedCommandService) private readonly service: NeedCommandService) {}

  @Post()
  submit(
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<NeedStanding | Pending> {
    return this.take('submit', null, body, key, req, res);
  }

  @Post(':needId/:command')
  command(
    @Param('needId') needId: string,
    @Param('command') command: string,
    @Body() body: unknown,
    @Headers('idempotency-key') key: unknown,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<NeedStanding | Pending> {
    if (command === 'submit' || !isPublicNeedCommand(command)) throw Problem.edge('no-such-route');
    return this.take(command, needId, body, key, req, res);
  }

  private async take(
    type: PublicNeedCommandType,
    needId: string | null,
    body: unknown,
    key: unknown,
    req: Request,
    res: Response,
  ): Promise<NeedStanding | Pending> {
    const commandId = readIdempotencyKey(key) ?? randomUUID();
    res.setHeader('Idempotency-Key', commandId);
    res.setHeader('Command-Id', commandId);
    const request: Omit<NeedCommandRequest, 'deadlineMs'> = {
      commandId,
      type,
      needId,
      body,
      actor: actorOf(req),
      channel: 'http',
      receivedAt: toShanghaiIso(Date.now()),
    };
    const answer = await this.service.execute(request, req.headers.authorization ?? '');
    if (!('state' in answer)) {
      res.status(type === 'submit' ? 201 : 200);
      return answer;
    }
    res.status(202).setHeader('Location', `/v1/commands/${encodeURIComponent(commandId)}`);
    return answer;
  }
}
