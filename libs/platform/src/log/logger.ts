import { pino, type Logger } from 'pino';

/** JSON lines on stdout. Callers log ids and codes only; tokens and bodies are cut out should one slip in. */
export const createLogger = (name: string, level: string): Logger =>
  pino({
    name,
    level,
    redact: { paths: ['authorization', '*.authorization', 'req.headers.authorization', 'req.headers.cookie', 'body', '*.body'], remove: true },
  });

export type { Logger };
