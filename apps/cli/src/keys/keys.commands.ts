import type { Command } from 'commander';
import type { Language, Texts } from '@qiyue/civic-domain';
import { minuteOf } from '@qiyue/engine';
import { print, printJsonLine, say } from '../context';
import { answerOf, askApi, asOperator } from '../notices/notices.api';
import { inWords, language } from '../show/language';
import { AS_JSON, AS_OPERATOR } from '../show/options';

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
  const keys = program.command('keys').description(inWords({ 'zh-CN': '服务程序的密钥', en: 'keys of services' }));
  keys
    .command('create <name>')
    .description(
      inWords({
        'zh-CN': '新建密钥，只显示这一次。角色不是 service 的须由另一名运维人员批准',
        en: 'a new key; it is shown this once. With another role than service a second operator has to approve it',
      }),
    )
    .requiredOption(
      '--scopes <list>',
      inWords({
        'zh-CN': '范围：read、personal、commands、events、audit，以逗号分隔',
        en: 'read, personal, commands, events, audit; commas between',
      }),
    )
    .option('--role <role>', inWords({ 'zh-CN': 'service、department 或 centre', en: 'service, department or centre' }), 'service')
    .option('--unit <name>', inWords({ 'zh-CN': '部门的名称', en: 'of a department' }))
    .option(
      '--expires <time>',
      inWords({
        'zh-CN': '有效期至，ISO 8601，带时区；最多一年，不填也为一年',
        en: 'ISO 8601 with offset, a year from now at most, which is also what is meant when it is left out',
      }),
    )
    .option('--json', inWords(AS_JSON))
    .action(create);
  keys
    .command('approve <keyId>')
    .description(
      inWords({
        'zh-CN': '批准待批密钥，自即刻起可用；批准人不能是创建人',
        en: 'a key that is pending opens from now on; by another operator than the one who made it',
      }),
    )
    .option('--actor <id>', inWords(AS_OPERATOR))
    .option('--json', inWords(AS_JSON))
    .action(approve);
  keys
    .command('list')
    .description(inWords({ 'zh-CN': '全部密钥，不含密文', en: 'all keys, without their secrets' }))
    .option('--json', inWords(AS_JSON))
    .action(list);
  keys
    .command('revoke <keyId>')
    .description(inWords({ 'zh-CN': '吊销密钥，自即刻起不再接受', en: 'a key is refused from now on' }))
    .option('--json', inWords(AS_JSON))
    .action(revoke);
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
