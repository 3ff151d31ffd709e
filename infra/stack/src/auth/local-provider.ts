import { randomBytes, generateKeyPairSync } from 'node:crypto';
import type { Server } from 'node:http';
import { ROLES } from '@qiyue/platform';
import type { Configuration, InteractionResults, Provider } from 'oidc-provider';

export interface LocalProviderOptions {
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where it sends browsers back to. */
  readonly redirect: string;
  readonly env?: NodeJS.ProcessEnv;
  /** How everybody is said to have shown who they are (RFC 8176); a password unless given. */
  readonly amr?: readonly string[];
}

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

interface Person {
  readonly sub: string;
  readonly role: string;
  readonly unit: string | null;
}

/**
 * An identity provider that believes whatever one says one is: for the local stack and for tests, on this machine alone. Throws in
 * production. Who logs in types a name, a role and a unit.
 */
export const startLocalProvider = async (options: LocalProviderOptions): Promise<{ readonly issuer: string; readonly stop: () => Promise<void> }> => {
  const { port, env = process.env } = options;
  if (env['NODE_ENV'] === 'production') throw new Error('the local identity provider does not run in production');
  const issuer = `http://127.0.0.1:${port}`;
  const people = new Map<string, Person>();
  const { Provider: OidcProvider } = await import('oidc-provider'); // here: whoever only uses the stack's other parts need not load it
  const provider = new OidcProvider(issuer, configurationOf(options, people));
  provider.use((context, next) => (context.path.startsWith('/who/') ? ask(provider, people, context, options.amr ?? ['pwd']) : next()));
  const server = await new Promise<Server>((resolve) => {
    const listening = provider.listen(port, '127.0.0.1', () => resolve(listening));
  });
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { issuer, stop };
};

const configurationOf = ({ clientId, clientSecret, redirect }: LocalProviderOptions, people: ReadonlyMap<string, Person>): Configuration => ({
  clients: [
    { client_id: clientId, client_secret: clientSecret, redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'] },
  ],
  jwks: {
    keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' } as never],
  },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  claims: { openid: ['sub', 'amr'], profile: ['role', 'unit'] },
  conformIdTokenClaims: false, // role and unit stand in the id token itself
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
  interactions: { url: (_context, { uid }) => `/who/${uid}` },
  findAccount: (_context, sub) => {
    const person = people.get(sub);
    return person === undefined ? undefined : { accountId: sub, claims: () => ({ ...person }) };
  },
  // Nobody is asked whether they consent: it is their own machine.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client?.clientId ?? '', accountId: oidc.session?.accountId ?? '' });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
});

const ask = async (provider: Provider, people: Map<string, Person>, context: Context, amr: readonly string[]): Promise<void> => {
  const { uid } = await provider.interactionDetails(context.req, context.res);
  if (context.method !== 'POST') {
    context.type = 'html';
    context.body = page(uid);
    return;
  }
  const form = new URLSearchParams(await bodyOf(context.req));
  const [sub, role, unit] = ['actor', 'role', 'unit'].map((name) => form.get(name)?.trim() ?? '') as [string, string, string];
  if (!/^[\x21-\x7e]{1,100}$/.test(sub) || !(ROLES as readonly string[]).includes(role)) {
    context.status = 422;
    context.body = 'an id without spaces and a role are needed';
    return;
  }
  people.set(sub, { sub, role, unit: unit === '' ? null : unit });
  const result: InteractionResults = { login: { accountId: sub, amr: [...amr] } };
  await provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: false });
  context.respond = false;
};

const BODY_MAX = 10_000;
const bodyOf = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  let text = '';
  for await (const chunk of stream) {
    text += chunk.toString('utf8');
    if (text.length > BODY_MAX) throw new Error('too much');
  }
  return text;
};

const page = (uid: string): string => `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>契约 · 本机登录</title>
<style>body{font-family:system-ui;max-width:24rem;margin:4rem auto}label{display:block;margin:.8rem 0}input,select,button{font:inherit;width:100%;padding:.4rem;box-sizing:border-box}</style>
<h1>本机登录</h1><p>仅供本机试用：填写想以谁的身份登录。<br><small>For this machine only: say who you want to be.</small></p>
<form method="post" action="/who/${uid}"><label>用户 actor<input name="actor" value="resident-1" required pattern="[!-~]{1,100}"></label>
<label>角色 role<select name="role">${ROLES.map((role) => `<option>${role}</option>`).join('')}</select></label>
<label>单位 unit<input name="unit" value="幸福社区"></label><button>登录 Log in</button></form></html>`;
