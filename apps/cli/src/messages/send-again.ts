import { createHash } from 'node:crypto';
import type { StandingMessage } from '@qiyue/edge';
import { KafkajsEventBus, kafkaSecurityOf, readMessage, securityIn } from '@qiyue/platform';
import { neededBrokers } from '../audit/audit-dependencies';
import { CliError } from '../context';

const SENT_AGAIN = 'its sender has to send it again, with a new id and a token of their own';

/** When a bearer token ends, ms since 1970; null for what is no JWT or has no end. Read, not verified: whoever takes the command does that. */
export const tokenEndMs = (authorization: string): number | null => {
  const [, payload] = /^Bearer [^.\s]+\.([^.\s]+)\./.exec(authorization) ?? [];
  if (payload === undefined) return null;
  try {
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { readonly exp?: unknown };
    return typeof exp === 'number' ? exp * 1_000 : null;
  } catch {
    return null;
  }
};

/**
 * A dead command once more on its topic, as its sender sent it. The letter holds no token, so the original is read, as long as the topic
 * keeps it. Throws a sentence when that cannot be.
 */
export const sendAgain = async ({ topic, partition, offset, hash }: StandingMessage): Promise<void> => {
  const servers = neededBrokers();
  if (!topic.endsWith('.commands') || partition === null || offset === null)
    throw new CliError('only commands can be sent again; a read model is made anew with `npx qiyue projections rebuild`');
  const security = kafkaSecurityOf(securityIn(process.env));
  const original = await readMessage(servers, { topic, partition, offset }, security);
  if (original === null || original.value === null) throw new CliError(`the topic no longer keeps it: ${SENT_AGAIN}`);
  if (hash !== null && createHash('sha256').update(original.value).digest('hex') !== hash)
    throw new CliError(`another message lies at its place now: ${SENT_AGAIN}`);
  const authorization = Object.entries(original.headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  if (authorization === undefined) throw new CliError(`it came without a token: ${SENT_AGAIN}`);
  const endsAtMs = tokenEndMs(authorization);
  if (endsAtMs !== null && endsAtMs <= Date.now()) throw new CliError(`its token ended at ${new Date(endsAtMs).toISOString()}: ${SENT_AGAIN}`);
  const publisher = new KafkajsEventBus(servers, 'qiyue-messages', security).publisher();
  try {
    await publisher.send(topic, [{ key: original.key ?? '', value: original.value.toString('utf8'), headers: original.headers }]);
  } finally {
    await publisher.close();
  }
};
