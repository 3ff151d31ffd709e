import type { Command } from 'commander';
import { CliError, print, printJsonLine, say } from '../context';
import { askApi, asOperator } from '../notices/notices.api';

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
const OPERATOR = { lang: 'en' } as const;

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
  const created = await askApi<Key & { readonly token: string }>('POST', '/v1/keys', OPERATOR, body);
  if (created === undefined) throw new CliError('the API answered nothing');
  if (json) printJsonLine(created);
  else print(created.token);
  if (!json && created.state === 'pending') say(`it opens nothing yet: another operator has to approve it, npx qiyue keys approve ${created.keyId}`);
};

const approve = async (keyId: string, { actor, json = false }: Acting): Promise<void> => {
  const key = await askApi<Key>('POST', `/v1/keys/${encodeURIComponent(keyId)}/approve`, asOperator(actor));
  if (json) printJsonLine(key ?? { keyId });
  else print(`${keyId} opens from now on`);
};

const list = async ({ json = false }: Json): Promise<void> => {
  const found = await askApi<{ readonly items: readonly Key[] }>('GET', '/v1/keys', OPERATOR);
  if (found === undefined) throw new CliError('the API answered nothing');
  if (json) printJsonLine(found);
  else print(keyLines(found.items).join('\n'));
};

const revoke = async (keyId: string, { json = false }: Json): Promise<void> => {
  await askApi<never>('DELETE', `/v1/keys/${encodeURIComponent(keyId)}`, OPERATOR);
  if (json) printJsonLine({ keyId, revoked: true });
  else print(`${keyId} is revoked`);
};

export const keyLines = (keys: readonly Key[]): readonly string[] =>
  keys.length === 0
    ? ['there are no keys']
    : keys.map((key) => {
        const { keyId, name, role, unit, scopes, lastUsedOn } = key;
        const may = `${keyId}  ${name}: ${[role, unit].filter((part) => part !== null).join(' ')}, ${scopes.join(' ')}`;
        return [may, stateText(key), lastUsedOn === null ? 'never used' : `last used on ${lastUsedOn}`].join(', ');
      });

const stateText = ({ keyId, state, createdBy, expiresAt, revokedAt }: Key): string => {
  if (state === 'forged') return `FORGED: not written by us, opens nothing; take it out with npx qiyue keys revoke ${keyId}`;
  if (revokedAt !== null) return `revoked ${revokedAt}`;
  return state === 'pending' ? `made by ${createdBy}, waits for approval` : `until ${expiresAt}`;
};
