import { createHmac } from 'node:crypto';
import { cutToBytes } from './cut-to-bytes';
import type { RobotDialect } from './robot-dialect';

/** A body may have 20,000 bytes; some are left for its frame and for what JSON escapes. */
const CONTENT_BYTES_MAX = 18_000;
const BLOCKED_MS = 10 * 60_000;

/** Custom robot of DingTalk (钉钉 自定义机器人), signed when the directory has its secret (加签). */
export const DINGTALK: RobotDialect = {
  name: 'dingtalk',
  bodyOf: ({ subject, text }) => ({
    msgtype: 'text',
    text: { content: cutToBytes(`${subject}\n${text}`, CONTENT_BYTES_MAX) },
    at: { atMobiles: [], isAtAll: false },
  }),
  addressOf: (url, secret, nowMs) => (secret === undefined ? url : signed(url, secret, nowMs)),
  // −1: busy; the others: more than 20 a minute, which blocks the robot for ten minutes.
  laterCodes: new Map([
    [-1, null],
    [130101, BLOCKED_MS],
    [410100, BLOCKED_MS],
  ]),
};

/** Base64 of the HMAC-SHA256 over "timestamp, line feed, secret" with the secret as key. */
export const dingtalkSignature = (timestampMs: number, secret: string): string =>
  createHmac('sha256', secret).update(`${timestampMs}\n${secret}`, 'utf8').digest('base64');

/** The other side takes a timestamp that is less than an hour off. */
const signed = (url: URL, secret: string, nowMs: number): URL => {
  const target = new URL(url);
  target.searchParams.set('timestamp', String(nowMs));
  target.searchParams.set('sign', dingtalkSignature(nowMs, secret));
  return target;
};
