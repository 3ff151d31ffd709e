import { Controller, Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { readQuery } from '../http/query';
import { TimelinessQueries, timelinessQuery, type Timeliness } from './timeliness';
import { NeedCounts, type Counts, type StageCounts } from './need-counts';

const noQuery = z.strictObject({});

@Controller('v1/stats')
export class StatsController {
  constructor(
    @Inject(NeedCounts) private readonly needs: NeedCounts,
    @Inject(TimelinessQueries) private readonly times: TimelinessQueries,
  ) {}

  @Get('stages')
  stages(@Query() query: unknown): Promise<StageCounts> {
    readQuery(noQuery, query);
    return this.needs.stages();
  }

  @Get('timeliness')
  timeliness(@Query() query: unknown): Promise<Timeliness> {
    return this.times.count(readQuery(timelinessQuery, query));
  }

  @Get('counts')
  counts(@Query() query: unknown): Promise<Counts> {
    readQuery(noQuery, query);
    return this.needs.counts();
  }
}
