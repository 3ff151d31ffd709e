import type { Delivery, OutgoingMessage } from './channel';

/** A robot as the directory knows it. The address holds its key, the secret signs: neither is ever logged. */
export interface RobotAddress {
  readonly url: string;
  readonly secret?: string;
}

/** What differs between the robots of two products. */
export interface RobotDialect {
  readonly name: 'wecom' | 'dingtalk';
  bodyOf(message: OutgoingMessage): object;
  /** `nowMs` is real time: the other side compares it with its own. */
  addressOf(url: URL, secret: string | undefined, nowMs: number): URL;
  /** Error codes that mean "not now", and how long to wait, ms; null: it has not been said. */
  readonly laterCodes: ReadonlyMap<number, number | null>;
}

/** Both answer `{errcode, errmsg}` with status 200, whatever has happened. */
export const deliveryOfErrcode = (errcode: number, { name, laterCodes }: RobotDialect): Delivery => {
  if (errcode === 0) return { kind: 'sent', reference: null };
  const reason = `${name} errcode ${errcode}`;
  const afterMs = laterCodes.get(errcode);
  return afterMs === undefined ? { kind: 'refused', reason } : { kind: 'later', reason, afterMs };
};
