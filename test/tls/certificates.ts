import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority, a server's certificate for 127.0.0.1, a client's, and an authority that signed neither. Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  readonly otherCa: string;
  readonly server: { readonly cert: string; readonly key: string; readonly both: string };
  readonly client: { readonly cert: string; readonly key: string; readonly both: string };
}

export const makeCertificates = (folder: string): Certificates => {
  const authority = (name: string): string => {
    const [key, cert] = [join(folder, `${name}-key.pem`), join(folder, `${name}.pem`)];
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-keyout', key, '-out', cert);
    return cert;
  };
  const ca = authority('ca');
  const issue = (name: string): { readonly cert: string; readonly key: string; readonly both: string } => {
    const at = (suffix: string): string => join(folder, `${name}${suffix}`);
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', at('-key.pem'), '-out', at('.csr'));
    writeFileSync(at('.ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
    openssl(
      ...['x509', '-req', '-in', at('.csr'), '-CA', ca, '-CAkey', join(folder, 'ca-key.pem'), '-CAcreateserial'],
      ...['-days', '2', '-extfile', at('.ext'), '-out', at('.pem')],
    );
    writeFileSync(at('-both.pem'), `${readFileSync(at('-key.pem'), 'utf8')}${readFileSync(at('.pem'), 'utf8')}`);
    return { cert: at('.pem'), key: at('-key.pem'), both: at('-both.pem') };
  };
  return { ca, otherCa: authority('other'), server: issue('server'), client: issue('client') };
};

const openssl = (...args: readonly string[]): void => void execFileSync('openssl', [...args], { stdio: 'pipe' });
