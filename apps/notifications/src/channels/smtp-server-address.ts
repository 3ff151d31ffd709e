/** A mail server as `QIYUE_SMTP_URL` names it. Holds the password: never logged. */
export interface SmtpServerAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`); else STARTTLS where the server offers it. */
  readonly isTls: boolean;
  readonly credentials: { readonly user: string; readonly pass: string } | null;
}

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };
const LOCAL = new Set(['localhost', '127.0.0.1', '::1']);

/** `smtp://user:password@host:587` or `smtps://…:465`; user and password percent-encoded. null: it is none. */
export const parseSmtpUrl = (text: string): SmtpServerAddress | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const port = url === null ? undefined : PORTS[url.protocol];
  if (url === null || port === undefined || url.hostname === '') return null;
  const [user, pass] = [decoded(url.username), decoded(url.password)];
  if (user === null || pass === null) return null;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? port : Number(url.port),
    isTls: url.protocol === 'smtps:',
    credentials: user === '' ? null : { user, pass },
  };
};

/** A password goes over the network inside TLS only. */
export const needsStartTls = ({ host, isTls, credentials }: SmtpServerAddress): boolean => credentials !== null && !isTls && !LOCAL.has(host);

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};
