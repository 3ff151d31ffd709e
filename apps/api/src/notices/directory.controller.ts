import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import { directoryDocument, DirectoryStore } from '@qiyue/edge';
import type { Actor } from '@qiyue/engine';
import type { Directory, Robot } from '@qiyue/notices';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { permit, readBody } from '../http/permit';

export interface DirectoryCounts {
  readonly persons: number;
  readonly robots: number;
}
/** Robots without their keys: what was brought is not given out again. */
export interface ShownDirectory {
  readonly persons: Directory['persons'];
  readonly robots: readonly Omit<Robot, 'secret'>[];
}

@Controller('v1/directory')
export class DirectoryController {
  constructor(
    @Inject(DirectoryStore) private readonly directory: DirectoryStore,
    @Inject(JOURNAL) private readonly journal: Journal,
  ) {}

  @Get()
  async show(@CurrentActor() actor: Actor): Promise<ShownDirectory> {
    permit(actor, 'GET /v1/directory');
    const { persons, robots } = await this.directory.read();
    return { persons, robots: robots.map(withoutKeys) };
  }

  @Put()
  async replace(@Body() body: unknown, @CurrentActor() actor: Actor): Promise<DirectoryCounts> {
    permit(actor, 'PUT /v1/directory');
    const directory = readBody(directoryDocument, body);
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'replace-directory', on: null } });
    await this.directory.replace(directory);
    return { persons: directory.persons.length, robots: directory.robots.length };
  }
}

/** The host says which product it is; path and query may hold the key. */
const withoutKeys = ({ secret: _, url, ...robot }: Robot): Omit<Robot, 'secret'> => ({ ...robot, url: new URL(url).origin });
