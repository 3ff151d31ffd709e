import type { Channel, Delivery, OutgoingMessage } from './channel';
import { mailOf } from './mail-message';
import { deliveryOfFailure } from './smtp-delivery';
import { smtpExchange, SMTP_TIMEOUTS, type SmtpTimeouts } from './smtp-exchange';
import type { SmtpServerAddress } from './smtp-server-address';

export interface EmailOptions {
  readonly server: SmtpServerAddress;
  /** The sender: `no-reply@example.org` or `契约 <no-reply@example.org>`. */
  readonly from: string;
  readonly timeouts?: SmtpTimeouts;
}

/** Mail by SMTP. The reference of a sent one is its Message-ID, which the server's log has too. */
export class EmailChannel implements Channel {
  readonly name = 'email';

  constructor(private readonly options: EmailOptions) {}

  async send(message: OutgoingMessage): Promise<Delivery> {
    const { server, from, timeouts = SMTP_TIMEOUTS } = this.options;
    const mail = await mailOf(message, from);
    const outcome = await smtpExchange(server, mail, timeouts);
    return outcome.ok ? { kind: 'sent', reference: mail.messageId } : deliveryOfFailure(outcome);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
