import { createHash } from 'node:crypto';
import type { Texts } from '@qiyue/civic-domain';
import type { StandingMessage } from '@qiyue/edge';
import { toShanghaiIso } from '@qiyue/engine';
import { KafkajsEventBus, kafkaSecurityOf, readMessage, securityIn } from '@qiyue/platform';
import { neededBrokers } from '../audit/audit-dependencies';
import { CliError } from '../context';
import { inWords } from '../show/language';

const SENT_AGAIN: Texts = {
  'zh-CN': '须由其发送者以新的 id 和自己的令牌重新发送',
  en: 'its sender has to send it again, with a new id and a token of their own',
};

const gone = (why: Texts): CliError =>
  new CliError(inWords({ 'zh-CN': `${why['zh-CN']}：${SENT_AGAIN['zh-CN']}`, en: `${why.en}: ${SENT_AGAIN.en}` }));
const endedWords = (at: string): Texts => ({ 'zh-CN': `其令牌已于 ${at} 到期`, en: `its token ended at ${at}` });

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
    throw new CliError(
      inWords({
        'zh-CN': '只有命令可以重新发送；读模型用 `npx qiyue projections rebuild` 重建',
        en: 'only commands can be sent again; a read model is made anew with `npx qiyue projections rebuild`',
      }),
    );
  const security = kafkaSecurityOf(securityIn(process.env));
  const original = await readMessage(servers, { topic, partition, offset }, security);
  if (original === null || original.value === null) throw gone({ 'zh-CN': '主题已不再保存它', en: 'the topic no longer keeps it' });
  if (hash !== null && createHash('sha256').update(original.value).digest('hex') !== hash)
    throw gone({ 'zh-CN': '它的位置现在是另一条消息', en: 'another message lies at its place now' });
  const authorization = Object.entries(original.headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  if (authorization === undefined) throw gone({ 'zh-CN': '它没有附令牌', en: 'it came without a token' });
  const endsAtMs = tokenEndMs(authorization);
  if (endsAtMs !== null && endsAtMs <= Date.now()) throw gone(endedWords(toShanghaiIso(endsAtMs)));
  const publisher = new KafkajsEventBus(servers, 'qiyue-messages', security).publisher();
  try {
    await publisher.send(topic, [{ key: original.key ?? '', value: original.value.toString('utf8'), headers: original.headers }]);
  } finally {
    await publisher.close();
  }
};
