import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Mail } from './mail-message';
import { needsStartTls, type SmtpServerAddress } from './smtp-server-address';

export interface SmtpTimeouts {
  /** Until the connection stands, and again until the server greets, ms. */
  readonly connectMs: number;
  /** Silence at any later point, ms. Servers look for viruses before they answer a message. */
  readonly idleMs: number;
  /** For everything together, ms. */
  readonly wholeMs: number;
}

export const SMTP_TIMEOUTS: SmtpTimeouts = { connectMs: 10_000, idleMs: 30_000, wholeMs: 60_000 };

/** What nodemailer says of a failure, without its texts, which repeat addresses. */
export interface SmtpError {
  readonly code?: string | undefined;
  /** The system's or TLS's own code, such as ECONNREFUSED. */
  readonly originalCode?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: string | undefined;
  readonly responseCode?: number | undefined;
}

/** `hasBegun`: some of the message itself was on its way, so that a server that fell silent may have it. */
export type SmtpOutcome = { readonly ok: true } | { readonly ok: false; readonly hasBegun: boolean; readonly error: SmtpError };

/**
 * One message over a connection of its own. Below nodemailer's transports, since only here can be seen whether the message had
 * begun when a connection was lost: its stream is read behind the server's "go ahead" to DATA and not before.
 */
export const smtpExchange = (server: SmtpServerAddress, mail: Mail, timeouts: SmtpTimeouts): Promise<SmtpOutcome> =>
  new Promise((resolve) => {
    let hasBegun = false;
    const connection = new SMTPConnection(connectionOptions(server, timeouts));
    const fail = (error: SmtpError): void => {
      clearTimeout(timer);
      connection.close();
      resolve({ ok: false, hasBegun, error });
    };
    const done = (): void => {
      clearTimeout(timer);
      connection.quit();
      resolve({ ok: true });
    };
    const deliver = (): void => {
      const body = readOnce(mail.raw, () => (hasBegun = true));
      connection.send({ ...mail.envelope, to: [...mail.envelope.to] }, body, (error) => (error ? fail(error) : done()));
    };
    const timer = setTimeout(() => fail({ code: 'ETIMEDOUT' }), timeouts.wholeMs);
    connection.on('error', fail);
    connection.connect((error) => {
      if (error) return fail(error);
      if (server.credentials === null || !connection.allowsAuth) return deliver();
      connection.login({ ...server.credentials }, (refused) => (refused ? fail(refused) : deliver()));
    });
  });

const connectionOptions = (server: SmtpServerAddress, { connectMs, idleMs }: SmtpTimeouts) => ({
  host: server.host,
  port: server.port,
  secure: server.isTls,
  requireTLS: needsStartTls(server),
  connectionTimeout: connectMs,
  greetingTimeout: connectMs,
  dnsTimeout: connectMs,
  socketTimeout: idleMs,
  maxResponseSize: 65_536,
});

const readOnce = (raw: Buffer, onRead: () => void): Readable =>
  new Readable({
    read() {
      onRead();
      this.push(raw);
      this.push(null);
    },
  });
