import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replaceFile } from '../base/json-file';

/** How the API and the local identity provider know each other. */
export interface LoginEnvironment {
  readonly QIYUE_OIDC_ISSUER: string;
  readonly QIYUE_OIDC_CLIENT_ID: string;
  readonly QIYUE_OIDC_CLIENT_SECRET_FILE: string;
  readonly QIYUE_OIDC_REDIRECT: string;
}

/** The secret is made once per data folder, and readable by its user alone. */
export const ensureLogin = (dataDir: string, ports: { readonly api: number; readonly login: number }): LoginEnvironment => {
  const secret = join(resolve(dataDir), 'auth', 'oidc-secret');
  if (!existsSync(secret)) replaceFile(secret, randomBytes(32).toString('base64url'), 0o600);
  return {
    QIYUE_OIDC_ISSUER: `http://127.0.0.1:${ports.login}`,
    QIYUE_OIDC_CLIENT_ID: 'qiyue',
    QIYUE_OIDC_CLIENT_SECRET_FILE: secret,
    QIYUE_OIDC_REDIRECT: `http://127.0.0.1:${ports.api}/login/callback`,
  };
};
