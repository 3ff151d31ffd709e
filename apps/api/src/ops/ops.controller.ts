import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Metrics } from './metrics';
import { ReadinessCheck, type Readiness } from './readiness';

@Controller()
export class OpsController {
  constructor(
    @Inject(ReadinessCheck) private readonly readiness: ReadinessCheck,
    @Inject(Metrics) private readonly counted: Metrics,
  ) {}

  /** Whether the process lives; it says nothing about the servers behind it, so that their failure restarts nobody. */
  @Get('health/live')
  live(): { readonly status: 'live' } {
    return { status: 'live' };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) res: Response): Promise<Readiness> {
    const readiness = await this.readiness.read();
    res.status(readiness.status === 'ready' ? 200 : 503);
    return readiness;
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.counted.registry.metrics();
  }
}
