import type { AnyAggregate, CommandDefinition } from '@qiyue/aggregate';
import { filePathsOf } from '@qiyue/civic-contracts';
import type { Request } from 'express';

/** What the edge tells by a path alone, before anything is read. */
export class AggregateRoutes {
  private readonly byPath: ReadonlyMap<string, AnyAggregate>;

  constructor(readonly aggregates: readonly AnyAggregate[]) {
    this.byPath = new Map(aggregates.map((aggregate) => [aggregate.path, aggregate]));
  }

  /** The aggregate whose routes the request is of, with what comes behind its path. */
  of({ baseUrl, path }: Pick<Request, 'baseUrl' | 'path'>): { readonly aggregate: AnyAggregate; readonly rest: readonly string[] } | null {
    const [, version, name = '', ...rest] = `${baseUrl}${path}`.replace(/\/+$/, '').split('/');
    const aggregate = version?.toLowerCase() === 'v1' ? this.byPath.get(name.toLowerCase()) : undefined;
    return aggregate === undefined ? null : { aggregate, rest };
  }

  /** `POST /v1/<path>/{id}/files` and `POST /v1/files`: the routes whose body is bytes. */
  takesFile(req: Pick<Request, 'method' | 'baseUrl' | 'path'>): boolean {
    if (req.method === 'POST' && /^\/v1\/files\/?$/i.test(`${req.baseUrl}${req.path}`)) return true;
    const found = req.method === 'POST' ? this.of(req) : null;
    return found !== null && found.rest.length === 2 && found.rest[1]?.toLowerCase() === 'files';
  }

  /** A command that may name files, sent as `multipart/form-data`. */
  takesForm(req: Pick<Request, 'method' | 'baseUrl' | 'path' | 'headers'>): boolean {
    if (req.method !== 'POST' || !/^multipart\/form-data\b/i.test(req.headers['content-type'] ?? '')) return false;
    const found = this.of(req);
    if (found === null || found.rest.length === 1 || found.rest.length > 2) return false;
    const { commands, decider } = found.aggregate;
    const type = found.rest[1] ?? decider.startsWith;
    return Object.hasOwn(commands, type) && filePathsOf((commands[type] as CommandDefinition).schema).length > 0;
  }
}
