import { readFile } from 'node:fs/promises';
import { runProcess } from '@qiyue/platform';
import { startLocalProvider } from './local-provider';

/** The local stack's identity provider as a process of its own. Its address, client and secret are those that the API was told. */
runProcess('login', async (log) => {
  const { QIYUE_OIDC_ISSUER: issuer = '', QIYUE_OIDC_CLIENT_ID: clientId = '', QIYUE_OIDC_REDIRECT: redirect = '' } = process.env;
  const clientSecret = (await readFile(process.env['QIYUE_OIDC_CLIENT_SECRET_FILE'] ?? '', 'utf8')).trim();
  const provider = await startLocalProvider({ port: Number(new URL(issuer).port), clientId, clientSecret, redirect });
  log.info({ issuer: provider.issuer }, 'listening');
  return provider;
});
