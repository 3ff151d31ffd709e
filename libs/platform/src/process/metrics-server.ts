import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { Logger } from '../log/logger';
import { settingsSchema } from '../config/settings';
import { processMetrics } from './process-metrics';

const serverSettings = settingsSchema.pick({ QIYUE_METRICS_PORT: true, QIYUE_METRICS_HOST: true });
const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** Read before all else, by every process alike; throws one sentence for a port that is none. */
export const metricsSettings = (env: Readonly<Record<string, string | undefined>>): z.infer<typeof serverSettings> => {
  const parsed = serverSettings.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`settings refused:\n${parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`).join('\n')}`);
};

/** Where this process tells its metrics; undefined: nowhere. */
export const metricsPortIn = (env: Readonly<Record<string, string | undefined>>): number | undefined =>
  metricsSettings(env).QIYUE_METRICS_PORT || undefined;

/**
 * `/metrics` and `/health/live` of one process. Without a port there is none. A port that is taken is logged and left: a process does
 * not end because nobody can count what it does.
 */
export const serveMetrics = async (
  { QIYUE_METRICS_PORT: port, QIYUE_METRICS_HOST: host }: z.infer<typeof serverSettings>,
  log: Pick<Logger, 'warn'>,
  registry: Registry = processMetrics().registry,
): Promise<{ readonly port: number; close(): void } | null> => {
  if (port === 0) return null;
  const server = createServer((req, res) => void answer(req, res, registry));
  server.unref();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, host, () => resolve(true));
  });
  if (isListening) return { port: portOf(server), close: () => server.close() };
  log.warn({ port }, 'metrics are not served: the port is taken');
  return null;
};

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const answer = async ({ method, url }: IncomingMessage, res: ServerResponse, registry: Registry): Promise<void> => {
  if (method !== 'GET' && method !== 'HEAD') return void res.writeHead(405, { Allow: 'GET' }).end();
  if (url === '/health/live') return void res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"status":"live"}');
  if (url !== '/metrics') return void res.writeHead(404).end();
  try {
    const text = await registry.metrics();
    res.writeHead(200, { 'Content-Type': TEXT }).end(text);
  } catch {
    res.writeHead(500).end();
  }
};
