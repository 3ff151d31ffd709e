import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingMessage } from './channel';
import { keyHeader } from './key-header';

export interface Mail {
  readonly messageId: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly raw: Buffer;
}

/**
 * The message of a notice. Its Message-ID comes from the notice's key, so that a second copy, should one ever go out, is seen
 * to be one by the reader's mail program.
 */
export const mailOf = async ({ key, to, subject, text }: OutgoingMessage, from: string): Promise<Mail> => {
  const messageId = messageIdOf(key, from);
  const message = new MailComposer({
    from,
    to: { name: '', address: to },
    subject,
    text,
    messageId,
    headers: { 'X-Qiyue-Notice': keyHeader(key), 'Auto-Submitted': 'auto-generated' },
  }).compile();
  const { from: sender, to: receivers } = message.getEnvelope();
  return { messageId, envelope: { from: sender || '', to: receivers }, raw: await message.build() };
};

/** The key is hashed: it holds names of units, which are not ASCII. */
export const messageIdOf = (key: string, from: string): string => {
  const domain = /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? 'qiyue.invalid';
  return `<${createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 32)}@${domain}>`;
};
