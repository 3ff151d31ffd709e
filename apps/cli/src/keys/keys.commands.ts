import type { Command } from 'commander';
import type { Language, Texts } from '@qiyue/civic-domain';
import { minuteOf } from '@qiyue/engine';
import { print, printJsonLine, say } from '../context';
import { answerOf, askApi, asOperator } from '../notices/notices.api';
import { inWords, language } from '../show/language';

interface Key {
  readonly keyId: string;
  readonly name: string;
  readonly role: string;
  readonly unit: string | null;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly createdBy: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly lastUsedOn: string | null;
}
interface CreateOptions {
  readonly scopes: string;
  readonly role?: string;
  readonly unit?: string;
  readonly expires?: string;
  readonly json?: boolean;
}
interface Json {
  readonly json?: boolean;
}
interface Acting extends Json {
  readonly actor?: string;
}

export const addKeysCommands = (program: Command): void => {
  const keys = program.command('keys').description('keys of services');
  keys
    .command('create <name>')
    .description('a new key; it is shown this once. With another role than service a second operator has to approve it')
    .requiredOption('--scopes <list>', 'read, personal, commands, events, audit; commas between')
    .option('--role <role>', 'service, department or centre', 'service')
    .option('--unit <name>', 'of a department')
    .option('--expires <time>', 'ISO 8601 with offset, a year from now at most, which is also what is meant when it is left out')
    .option('--json', 'print as JSON')
    .action(create);
  keys
    .command('approve <keyId>')
    .description('a key that is pending opens from now on; by another operator than the one who made it')
    .option('--actor <id>', 'as this operator; left out: QIYUE_TOKEN, or `operator` of the local stack')
    .option('--json', 'print as JSON')
    .action(approve);
  keys.command('list').description('all keys, without their secrets').option('--json', 'print as JSON').action(list);
  keys.command('revoke <keyId>').description('a key is refused from now on').option('--json', 'print as JSON').action(revoke);
};

const create = async (name: string, { scopes, role, unit, expires, json = false }: CreateOptions): Promise<void> => {
  const body = {
    ...{ name, role, scopes: scopes.split(',').map((scope) => scope.trim()) },
    ...(unit === undefined ? {} : { unit }),
    ...(expires === undefined ? {} : { expiresAt: expires }),
  };
  const created = await answerOf<Key & { readonly token: string }>('POST', '/v1/keys', { lang: language() }, body);
  if (json) printJsonLine(created);
  else print(created.token);
  if (!json && created.state === 'pending') say(inWords(pendingWords(created.keyId)));
};

const approve = async (keyId: string, { actor, json = false }: Acting): Promise<void> => {
  const key = await askApi<Key>('POST', `/v1/keys/${encodeURIComponent(keyId)}/approve`, asOperator(actor));
  if (json) printJsonLine(key ?? { keyId });
  else print(inWords({ 'zh-CN': `${keyId} 自即刻起可用`, en: `${keyId} opens from now on` }));
};

const list = async ({ json = false }: Json): Promise<void> => {
  const found = await answerOf<{ readonly items: readonly Key[] }>('GET', '/v1/keys', { lang: language() });
  if (json) printJsonLine(found);
  else print(keyLines(found.items, language()).join('\n'));
};

const revoke = async (keyId: string, { json = false }: Json): Promise<void> => {
  await askApi<never>('DELETE', `/v1/keys/${encodeURIComponent(keyId)}`, { lang: language() });
  if (json) printJsonLine({ keyId, revoked: true });
  else print(inWords({ 'zh-CN': `${keyId} 已吊销`, en: `${keyId} is revoked` }));
};

const pendingWords = (keyId: string): Texts => ({
  'zh-CN': `尚不能使用：须由另一名运维人员批准，npx qiyue keys approve ${keyId}`,
  en: `it opens nothing yet: another operator has to approve it, npx qiyue keys approve ${keyId}`,
});

export const keyLines = (keys: readonly Key[], language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  if (keys.length === 0) return [zh ? '没有密钥' : 'there are no keys'];
  return keys.map((key) => {
    const { keyId, name, role, unit, scopes, lastUsedOn } = key;
    const may = `${keyId}  ${name}${zh ? '：' : ': '}${[role, unit].filter((part) => part !== null).join(' ')}${zh ? '，' : ', '}${scopes.join(' ')}`;
    const used = lastUsedOn === null ? (zh ? '从未使用' : 'never used') : `${zh ? '最近使用于' : 'last used on'} ${lastUsedOn}`;
    return [may, stateWords(key)[language], used].join(zh ? '，' : ', ');
  });
};

const stateWords = ({ keyId, state, createdBy, expiresAt, revokedAt }: Key): Texts => {
  if (state === 'forged')
    return {
      'zh-CN': `伪造：不是本系统写入的，不能使用；用 npx qiyue keys revoke ${keyId} 清除`,
      en: `FORGED: not written by us, opens nothing; take it out with npx qiyue keys revoke ${keyId}`,
    };
  if (revokedAt !== null) return { 'zh-CN': `已于 ${minuteOf(revokedAt)} 吊销`, en: `revoked ${minuteOf(revokedAt)}` };
  return state === 'pending'
    ? { 'zh-CN': `由 ${createdBy} 创建，等待批准`, en: `made by ${createdBy}, waits for approval` }
    : { 'zh-CN': `有效期至 ${minuteOf(expiresAt)}`, en: `until ${minuteOf(expiresAt)}` };
};
