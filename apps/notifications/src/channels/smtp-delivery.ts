import type { Delivery } from './channel';
import type { SmtpError, SmtpOutcome } from './smtp-exchange';

type Failure = Extract<SmtpOutcome, { readonly ok: false }>;

/**
 * What became of a mail that was not taken. A reply to the receiver or to the message decides by its class; without one the
 * mail is lost or not by whether it had begun. A login or a sender that the server will not have is the operator's to mend, so
 * the mail waits.
 */
export const deliveryOfFailure = ({ hasBegun, error }: Failure): Delivery => {
  const reason = reasonOf(error);
  const { code, command, responseCode } = error;
  if (responseCode !== undefined && (command === 'RCPT TO' || command === 'DATA')) {
    return isForGood(responseCode) ? { kind: 'refused', reason } : { kind: 'later', reason, afterMs: null };
  }
  if (hasBegun) return { kind: 'unknown', reason };
  if (code === 'EENVELOPE' && command === 'API') return { kind: 'refused', reason: 'smtp: not an address' };
  return { kind: 'later', reason, afterMs: null };
};

/** 503 says that the session was in disorder, not that the mail is unwanted. */
const isForGood = (responseCode: number): boolean => responseCode >= 500 && responseCode < 600 && responseCode !== 503;

/** Codes only: servers repeat the receiver's address in their texts. */
const reasonOf = ({ code, originalCode, command, response, responseCode }: SmtpError): string => {
  const step = command === undefined || command === 'CONN' || command === 'API' ? '' : ` to ${command}`;
  if (responseCode === undefined) return `smtp ${originalCode ?? code ?? 'failed'}${step}`;
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\s/.exec(response ?? '')?.[1];
  return `smtp ${[responseCode, enhanced].filter((part) => part !== undefined).join(' ')}${step}`;
};
