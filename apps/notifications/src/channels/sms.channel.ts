import type { Channel, Delivery, OutgoingMessage } from './channel';

export interface ShortMessage {
  /** Telephone number, as the directory has it. */
  readonly to: string;
  readonly text: string;
  /** The notice's key: a gateway that knows it may drop the second of two. */
  readonly key: string;
}

/** Port to whoever sends a county's short messages. Answers, never throws, like a channel. */
export interface SmsGateway {
  send(message: ShortMessage): Promise<Delivery>;
}

/** Seven parts of a long message; gateways take no more than that. */
const CHARACTERS_MAX = 469;

/** The text alone: a short message has no subject. */
export class SmsChannel implements Channel {
  readonly name = 'sms';

  constructor(private readonly gateway: SmsGateway) {}

  send({ key, to, text }: OutgoingMessage): Promise<Delivery> {
    return this.gateway.send({ key, to, text: shortened(text) });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const shortened = (text: string): string => {
  const characters = Array.from(text);
  return characters.length <= CHARACTERS_MAX ? text : `${characters.slice(0, CHARACTERS_MAX - 1).join('')}…`;
};
