import { Body, Controller, Get, Headers, Inject, Put, Res } from '@nestjs/common';
import type { Journal } from '@qiyue/audit';
import { directoryDocument, DirectoryStore, type Places, type WholeDirectory } from '@qiyue/edge';
import type { Actor } from '@qiyue/engine';
import type { Directory, Robot } from '@qiyue/notices';
import type { Response } from 'express';
import { JOURNAL } from '../audit/journal.token';
import { CurrentActor } from '../http/authenticate';
import { permit, readBody } from '../http/permit';
import { Problem } from '../http/problem';

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
  async show(@CurrentActor() actor: Actor, @Res({ passthrough: true }) res: Response): Promise<ShownDirectory> {
    permit(actor, 'GET /v1/directory');
    const { directory, version } = await this.directory.current();
    res.set('ETag', tagOf(version));
    const { robots, ...rest } = directory;
    return { ...rest, robots: robots.map(withoutKeys) };
  }

  /** For everybody: it names no persons. */
  @Get('places')
  places(): Promise<Places> {
    return this.directory.places();
  }

  @Put()
  async replace(
    @Body() body: unknown,
    @Headers('if-match') read: string | undefined,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) res: Response,
  ): Promise<DirectoryCounts> {
    permit(actor, 'PUT /v1/directory');
    const directory = readBody(directoryDocument, body);
    const behind = read === undefined || read === '*' ? undefined : (await this.directory.current()).version;
    if (behind !== undefined && read !== tagOf(behind)) throw Problem.edge('directory-changed');
    await this.journal.insist(actor, { type: 'OperatorActed', data: { action: 'replace-directory', on: null } });
    const version = await this.directory.replace(directory, behind);
    if (version === null) throw Problem.edge('directory-changed');
    res.set('ETag', tagOf(version));
    return countsOf(directory);
  }
}

/** As `ETag` and `If-Match` hold it (RFC 9110, 8.8.3). */
const tagOf = (version: number): string => `"${version}"`;

const countsOf = ({ persons, robots, communities, units }: WholeDirectory): DirectoryCounts => ({
  persons: persons.length,
  robots: robots.length,
  communities: communities.length,
  compounds: communities.reduce((sum, { compounds }) => sum + compounds.length, 0),
  units: units.length,
});

/** The host says which product it is; path and query may hold the key. */
const withoutKeys = ({ secret: _, url, ...robot }: Robot): Omit<Robot, 'secret'> => ({ ...robot, url: new URL(url).origin });
