/** One message to one address. `to` of a robot is its id in the directory; secrets never stand in a notice. */
export interface OutgoingMessage {
  /** The notice's key: the same message has the same one for ever. */
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/**
 * What became of a message. `refused` is final; `later` was certainly not delivered and may be tried again, after `afterMs`
 * when the other side has said so; `unknown` may have been delivered, so nobody sends it again by itself.
 */
export type Delivery =
  | { readonly kind: 'sent'; readonly reference: string | null }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'later'; readonly reason: string; readonly afterMs: number | null }
  | { readonly kind: 'unknown'; readonly reason: string };

export type ChannelName = 'email' | 'wecom' | 'dingtalk' | 'sms';

/** A way to people outside of the system. `send` answers with a value for everything that can go wrong out there. */
export interface Channel {
  readonly name: ChannelName;
  send(message: OutgoingMessage): Promise<Delivery>;
  close(): Promise<void>;
}
