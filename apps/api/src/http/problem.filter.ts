import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@qiyue/platform';
import type { Called } from '@qiyue/civic-domain';
import type { Request, Response } from 'express';
import { UnsoundStream } from '@qiyue/engine-runtime';
import { MongoError } from 'mongodb';
import { languageOf } from './language';
import { Problem } from './problem';
import type { AggregateRoutes } from './aggregate-routes';
import type { Routes } from './routes';

const RETRY_AFTER_S = '1';

/** Turns whatever was thrown into a problem document. What nobody foresaw is logged by name and shown as `internal`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly routes: Routes,
    private readonly aggregates: AggregateRoutes,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const req = http.getRequest<Request>();
    const res = http.getResponse<Response>();
    if (res.headersSent) {
      res.destroy(); // half an answer cannot become a problem; the client sees the cut
      return;
    }
    writeProblem(req, res, this.problemOf(thrown, req), this.aggregates.of(req)?.aggregate);
  }

  private problemOf(thrown: unknown, req: Request): Problem {
    if (thrown instanceof Problem) return thrown;
    if (thrown instanceof UnsoundStream) return Problem.edge('history-unsound');
    if (thrown instanceof MongoError) return Problem.edge('unavailable');
    const status = thrown instanceof HttpException ? thrown.getStatus() : 500;
    if (status === 404) return this.noRoute(req);
    if (status >= 400 && status < 500) return Problem.edge('bad-request');
    this.log.error({ err: thrown instanceof Error ? { name: thrown.name, stack: placesOf(thrown) } : { name: typeof thrown } }, 'unforeseen');
    return Problem.edge('internal');
  }

  private noRoute(req: Request): Problem {
    const allow = this.routes.methodsOf(req.path);
    return allow.length === 0 ? Problem.edge('no-such-route') : Problem.edge('method-not-allowed', { headers: { Allow: allow.join(', ') } });
  }
}

const writeProblem = (req: Request, res: Response, problem: Problem, called: Called | undefined): void => {
  const language = languageOf(req);
  if (problem.status === 503) res.setHeader('Retry-After', RETRY_AFTER_S);
  for (const [name, value] of Object.entries(problem.extras.headers ?? {})) res.setHeader(name, value);
  res.locals['problem'] = problem.refusal.code;
  res.status(problem.status).setHeader('Content-Language', language).type('application/problem+json');
  res.send(JSON.stringify(problem.document(language, called)));
};

/** Where, without the message: a driver's message may quote data. */
const placesOf = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 6)
    .join('\n');
