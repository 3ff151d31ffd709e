import { Controller, Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { readQuery } from '../http/query';
import { NeedCounts, type Counts, type StageCounts } from './need-counts';

const noQuery = z.strictObject({});

@Controller('v1/stats')
export class StatsController {
  constructor(@Inject(NeedCounts) private readonly needs: NeedCounts) {}

  @Get('stages')
  stages(@Query() query: unknown): Promise<StageCounts> {
    readQuery(noQuery, query);
    return this.needs.stages();
  }

  @Get('counts')
  counts(@Query() query: unknown): Promise<Counts> {
    readQuery(noQuery, query);
    return this.needs.counts();
  }
}
