import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import express, { type Request } from 'express';
import helmet from 'helmet';
import { ApiModule, type ApiDeps } from './api.module';
import { AggregateRoutes } from './http/aggregate-routes';
import { asyncApiDocument } from './docs/asyncapi';
import { cataloguePage } from './docs/event-catalogue';
import { openApiDocument } from './docs/openapi';
import { authenticate, withinScope } from './http/authenticate';
import { fileBody } from './http/file-body';
import { formBody } from './http/form-body';
import { jsonBody } from './http/json-body';
import { noteDenied } from './http/note-denied';
import { RateLimits } from './http/rate-limit';
import { Problem } from './http/problem';
import { ProblemFilter } from './http/problem.filter';
import { decodable, requestLog } from './http/request-log';
import { separateDuties } from './http/separate-duties';
import { Routes } from './http/routes';
import { inSource, sourceOf } from './http/source';

const VERSION = '0.1.0';

/** The HTTP application, not listening yet. */
export const createApi = async (deps: ApiDeps): Promise<NestExpressApplication> => {
  const { aggregates } = deps;
  const openApi = openApiDocument(VERSION, aggregates);
  const routes = new AggregateRoutes(aggregates);
  const limits = new RateLimits(deps.requestsPerSecond, routes);
  const onRefused = (why: string, req: Request) => {
    deps.refusedTokens.add(why, sourceOf(req));
    return limits.refused(req);
  };
  const module = ApiModule.with(deps, { openApi, asyncApi: asyncApiDocument(VERSION, aggregates), catalogue: cataloguePage(aggregates) });
  const app = await NestFactory.create<NestExpressApplication>(module, { bodyParser: false, logger: false, abortOnError: false });
  app
    .set('query parser', 'simple')
    .set('etag', false)
    .set('trust proxy', [...deps.trustedProxies]);
  app.disable('x-powered-by');
  app.use(requestLog(deps.log, deps.metrics), headers(), decodable);
  app.use('/login/callback', limits.logins());
  app.use('/login/backchannel-logout', limits.logins(), express.urlencoded({ extended: false, limit: '20kb' }));
  app.use('/login', notByHead, inSource());
  app.use(['/calendar', ...aggregates.map(({ path }) => `/${path}`)], limits.guests());
  app.use('/calendar', limits.calendars());
  const whoAndWhat = [authenticate(deps.tokens, deps.sessions, onRefused), limits.actors(), noteDenied(deps.denials, aggregates), withinScope()];
  app.use('/v1', noStore, ...whoAndWhat, separateDuties(deps.dutyHolders), fileBody(routes), formBody(routes), ...jsonBody(routes), inSource());
  app.useGlobalFilters(new ProblemFilter(deps.log, new Routes(openApi.paths), routes));
  SwaggerModule.setup('docs', app, openApi as unknown as OpenAPIObject, { raw: false, customSiteTitle: 'Qiyue' });
  return app.init().then(() => app);
};

/** No `upgrade-insecure-requests`: inside a county's network the pages may be served over plain HTTP. */
const headers = () => helmet({ contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } }, strictTransportSecurity: false });

/** Nest answers HEAD by doing what GET does and leaving out the body. Whoever only looks must not begin a login, nor use one up. */
const notByHead = ({ method }: Request, _res: unknown, next: (error?: unknown) => void): void =>
  next(method === 'HEAD' ? Problem.edge('method-not-allowed', { headers: { Allow: 'GET' } }) : undefined);

const noStore: Parameters<NestExpressApplication['use']>[0] = (
  _req: unknown,
  res: { setHeader(name: string, value: string): void },
  next: () => void,
) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};
