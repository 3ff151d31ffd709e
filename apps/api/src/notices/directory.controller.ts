import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import { directoryDocument, DirectoryStore, type Places, type WholeDirectory } from '@qiyue/edge';
import type { Actor } from '@qiyue/engine';
import type { Directory, Robot } from '@qiyue/notices';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { permit, readBody } from '../http/permit';

export interface DirectoryCounts {
  readonly persons: number;
  readonly robots: number;
  readonly communities: number;
  readonly compounds: number;
  readonly units: number;
}
/** Robots without their keys: what was brought is not given out again. */
export interface ShownDirectory extends Places {
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
    const { robots, ...rest } = await this.directory.read();
    return { ...rest, robots: robots.map(withoutKeys) };
  }

  /** For everybody: it names no persons. */
  @Get('places')
  places(): Promise<Places> {
    return this.directory.places();
  }

  @Put()
  async replace(@Body() body: unknown, @CurrentActor() actor: Actor): Promise<DirectoryCounts> {
    permit(actor, 'PUT /v1/directory');
    const directory = readBody(directoryDocument, body);
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'replace-directory', on: null } });
    await this.directory.replace(directory);
    return countsOf(directory);
  }
}

const countsOf = ({ persons, robots, communities, units }: WholeDirectory): DirectoryCounts => ({
  persons: persons.length,
  robots: robots.length,
  communities: communities.length,
  compounds: communities.reduce((sum, { compounds }) => sum + compounds.length, 0),
  units: units.length,
});

/** The host says which product it is; path and query may hold the key. */
const withoutKeys = ({ secret: _, url, ...robot }: Robot): Omit<Robot, 'secret'> => ({ ...robot, url: new URL(url).origin });
