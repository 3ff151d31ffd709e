import { PLAIN_OVER_KAFKA } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { ROLES } from './token-roles';
import { checkSecurity, securityShape, type SecuritySettings } from './security';
import { parsePace } from '../clock/clock';
import { isNetwork } from './networks';

const address = z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'must be host:port');
/** Texts with commas between; empty is none. */
const list = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))
    .pipe(z.array(item))
    .optional();
const count = (fallback: number, min: number, max: number) => z.coerce.number().int().min(min).max(max).default(fallback);

/**
 * Every setting of every process, in one place. Read once at start; all mistakes are reported together.
 * The README's table of settings is made from the descriptions here.
 */
export const settingsSchema = z.object({
  QIYUE_TEMPORAL_ADDRESS: address.describe('Temporal front end, host:port'),
  QIYUE_TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('Temporal namespace'),
  QIYUE_KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .pipe(z.array(address).min(1))
    .describe('Kafka brokers, host:port with commas'),
  QIYUE_MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb://')
    .describe('MongoDB, a replica set'),
  QIYUE_MONGODB_DATABASE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,38}$/)
    .default('qiyue')
    .describe('name of the database'),
  QIYUE_API_PORT: count(8080, 0, 65_535).describe('port of the HTTP interface'),
  QIYUE_API_HOST: z.string().min(1).default('127.0.0.1').describe('address that the HTTP interface listens on'),
  QIYUE_JWKS: z.string().min(1).describe('public keys of tokens: a file or an https address of a JWKS'),
  QIYUE_JWT_ISSUER: z.string().min(1).default('https://qiyue.local').describe('issuer that a token must name'),
  QIYUE_JWT_AUDIENCE: z.string().min(1).default('qiyue').describe('audience that a token must name'),
  QIYUE_SECOND_FACTOR: list(z.enum(ROLES)).describe(
    'roles, with commas, that have to have shown a second factor at the identity provider, by a token’s or login’s acr or amr',
  ),
  QIYUE_SECOND_FACTOR_ACR: list(z.string().max(500)).describe('values of acr that say so at this provider, with commas; amr counts by itself'),
  QIYUE_SESSION_IDLE_MINUTES: count(30, 1, 720).describe('a session of a browser ends once it has not been used for so long, minutes'),
  QIYUE_SEPARATE_DUTIES: z
    .enum(['on', 'off'])
    .default('off')
    .describe(
      'on: an operator’s token has to name one of the scopes operate, approve and audit, and who has held one of them gets no other for 90 days',
    ),
  QIYUE_OIDC_ISSUER: z.url().optional().describe('identity provider for logging in by a browser (OpenID Connect); without it there is no login'),
  QIYUE_OIDC_CLIENT_ID: z.string().min(1).optional().describe('as which client we are known there'),
  QIYUE_OIDC_CLIENT_SECRET_FILE: z.string().min(1).optional().describe('file with the client’s secret'),
  QIYUE_OIDC_REDIRECT: z.url().optional().describe('our own address for coming back, https://…/login/callback'),
  QIYUE_KEYS: z
    .string()
    .min(1)
    .describe(
      'folder outside of MongoDB with the key of each person, by which what they write and who they are is sealed; shared by API, intake, notifications and reactions',
    ),
  QIYUE_KAFKA_PLAIN: z
    .enum(PLAIN_OVER_KAFKA)
    .default('no-contact')
    .describe('personal fields that commands over Kafka may hold unsealed: none, all but the contact (no-contact), or any'),
  QIYUE_REQUESTS_PER_SECOND: count(500, 0, 100_000).describe(
    'requests per second that one actor may make of one API process, with bursts of five seconds’ worth; 0: no limit',
  ),
  QIYUE_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))
    .pipe(z.array(z.string().refine(isNetwork, 'must be addresses or networks (10.0.0.0/8) with commas')))
    .describe(
      'addresses or networks, with commas, of the proxies before the API; who they say they ask for (X-Forwarded-For) is believed of them alone, and counts as the client’s address in limits and records',
    ),
  QIYUE_API_IN_FLIGHT_PER_NEED: count(6, 1, 9).describe('updates in flight per entity from one API; with the intake at most 9 over all processes'),
  QIYUE_INTAKE_IN_FLIGHT_PER_NEED: count(3, 1, 9).describe('the same for the intake'),
  QIYUE_INTAKE_PARK_AFTER_MS: count(10_000, 100, 600_000).describe(
    'how long a command from Kafka may be without an outcome before it is parked beside the topic, ms; three times as long while no other command gets through either',
  ),
  QIYUE_COMMAND_WAIT_MS: count(10_000, 100, 60_000).describe('how long an HTTP command waits for its outcome before 202, ms'),
  QIYUE_CONTINUE_AFTER_UPDATES: z.coerce.number().int().min(1).optional().describe('test setting: continue as new after so many updates'),
  QIYUE_POLICY_FILE: z.string().min(1).optional().describe('a policy of the county’s own, imported at start if its version is new'),
  QIYUE_CALENDAR_FILE: z.string().min(1).optional().describe('a calendar, or changes to the built-in one, imported at start if its version is new'),
  QIYUE_MORE_AGGREGATES: z
    .string()
    .optional()
    .describe(
      'kinds of entities beside those of this release: names or full paths of modules, with commas, that export an `aggregate`; the same for all processes and for the command line',
    ),
  QIYUE_REHEARSAL_CLOCK: z
    .string()
    .transform((text, context) => {
      const pace = parsePace(text);
      if (pace === null) context.addIssue('must be REAL-TIME/BUSINESS-TIME/FACTOR');
      return pace ?? z.NEVER;
    })
    .optional()
    .describe(
      'rehearsals only: time runs faster from a moment on, as REAL-TIME/BUSINESS-TIME/FACTOR; refused unless the database is called rehearsal…',
    ),
  QIYUE_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
    .optional()
    .describe('mail server, smtp://user:password@host:port or smtps://…; without it no e-mail is sent'),
  QIYUE_MAIL_FROM: z.string().min(3).max(300).optional().describe('sender of e-mails; needed beside the mail server'),
  QIYUE_SMS_URL: z
    .string()
    .regex(/^https?:\/\//, 'must start with https://')
    .optional()
    .describe('gateway for short messages, posted to as JSON; without it none is sent'),
  QIYUE_SMS_TOKEN: z.string().min(1).optional().describe('bearer token for that gateway'),
  QIYUE_WEBHOOK_HOSTS: z
    .string()
    .transform((text) => text.split(',').map((host) => host.trim()))
    .pipe(z.array(z.string().min(1)).min(1))
    .optional()
    .describe('hosts that robots and gateways may have though they are not public, or not by https; with commas'),
  QIYUE_SMS_PER_NEED: count(40, 0, 10_000).describe(
    'short messages that one entity may cost on a day; half of them at most to all departments, and three times as many for all of one person; 0: none',
  ),
  QIYUE_DIGEST_MINUTES: count(10, 0, 1_440).describe('how long notices that are not urgent wait for others to the same address, minutes'),
  QIYUE_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((text) => text.replace(/\/+$/, ''))
    .optional()
    .describe('where people reach this system, https://…: links in messages and calendars begin with it; without it they begin at the path'),
  QIYUE_NOTICE_LEASE_MS: count(90_000, 500, 3_600_000).describe('how long a message may take to be sent before it counts as hanging, ms'),
  QIYUE_CHECKPOINTS: z
    .string()
    .min(1)
    .optional()
    .describe('folder outside of MongoDB to which signed checkpoints of the ledger are added; without it none are made'),
  QIYUE_CHECKPOINT_KEY: z.string().min(1).optional().describe('file with the Ed25519 private key (PKCS #8, PEM) that signs them'),
  QIYUE_CHECKPOINT_MINUTES: count(60, 1, 10_080).describe('how often a checkpoint is made, minutes'),
  QIYUE_METRICS_PORT: count(0, 0, 65_535).describe('port on which this process serves /metrics and /health/live, each process its own; 0: none'),
  QIYUE_METRICS_HOST: z.string().min(1).default('127.0.0.1').describe('address that this port listens on'),
  ...securityShape,
  QIYUE_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug']).default('info').describe('least level that is logged'),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Called once, in `main.ts`. Reports every bad variable in one message, then the process ends. How servers are spoken to is always among them. */
export const loadSettings = <K extends keyof Settings>(
  env: Readonly<Record<string, string | undefined>>,
  ...names: readonly K[]
): Pick<Settings, K | 'QIYUE_LOG_LEVEL'> & SecuritySettings => {
  const mask = Object.fromEntries([...names, ...Object.keys(securityShape), 'QIYUE_LOG_LEVEL'].map((name) => [name, true as const]));
  const parsed = settingsSchema.pick(mask as Record<keyof Settings, true>).safeParse(env);
  if (parsed.success) {
    checkSecurity(parsed.data);
    return parsed.data;
  }
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`settings refused:\n${lines.join('\n')}`);
};
