import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { StackError } from './stack-error';

const address = z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'must be host:port');
const brokers = z.string().regex(/^[^\s:/,]+:\d{1,5}(,[^\s:/,]+:\d{1,5})*$/, 'must be host:port, with commas between several');

/** Every variable that the local stack reads. An empty one counts as not set. */
const stackEnvironment = z.object({
  QIYUE_TEMPORAL_ADDRESS: address.optional(),
  QIYUE_TEMPORAL_NAMESPACE: z.string().default('default'),
  QIYUE_KAFKA_BROKERS: brokers.optional(),
  QIYUE_MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/\S+$/, 'must start with mongodb:// or mongodb+srv://')
    .optional(),
  QIYUE_MONGODB_DATABASE: z
    .string()
    .regex(/^[\w-]{1,38}$/, 'must be 1 to 38 letters, digits, - or _')
    .default('qiyue'),
  QIYUE_API_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  QIYUE_DATA_DIR: z.string().optional(),
  QIYUE_CACHE_DIR: z.string().optional(),
  XDG_CACHE_HOME: z.string().optional(),
  QIYUE_JWKS: z.string().optional(),
  /** Where the public keys of tokens are copied to, for those who may not see the private one. */
  QIYUE_PUBLIC_KEYS: z.string().optional(),
  QIYUE_JWT_ISSUER: z.string().optional(),
  QIYUE_JWT_AUDIENCE: z.string().optional(),
  QIYUE_KEYS: z.string().optional(),
  QIYUE_CHECKPOINTS: z.string().optional(),
  QIYUE_CHECKPOINT_KEY: z.string().optional(),
});
export type StackEnvironment = z.infer<typeof stackEnvironment>;

/** Reads the environment once. Throws one StackError that names every bad variable. */
export const readStackEnvironment = (env: NodeJS.ProcessEnv): StackEnvironment => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = stackEnvironment.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new StackError(`settings refused: ${parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`);
};

const REPOSITORY_ROOT = resolve(__dirname, '../../../..');

/** Where this clone keeps its servers' data: its own folder, so that two clones never share one. */
export const dataDirOf = (env: NodeJS.ProcessEnv): string => resolve(readStackEnvironment(env).QIYUE_DATA_DIR ?? join(REPOSITORY_ROOT, '.qiyue'));

/** Where built programs live: outside the clone, so that the next clone starts warm. */
export const cacheDirOf = (env: NodeJS.ProcessEnv): string => {
  const { QIYUE_CACHE_DIR, XDG_CACHE_HOME } = readStackEnvironment(env);
  return resolve(QIYUE_CACHE_DIR ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'qiyue'));
};
