import type { AnyAggregate } from '@qiyue/aggregate';
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

  /** `POST /v1/<path>/{id}/files`: the one route whose body is bytes. */
  takesFile(req: Pick<Request, 'method' | 'baseUrl' | 'path'>): boolean {
    const found = req.method === 'POST' ? this.of(req) : null;
    return found !== null && found.rest.length === 2 && found.rest[1]?.toLowerCase() === 'files';
  }
}
