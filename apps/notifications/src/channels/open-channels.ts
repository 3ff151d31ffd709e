import type { Channel, ChannelName } from './channel';
import { DINGTALK } from './dingtalk.dialect';
import { EmailChannel } from './email.channel';
import { HttpSmsGateway } from './http-sms-gateway';
import { RobotChannel, type RobotDeps } from './robot.channel';
import { SmsChannel } from './sms.channel';
import { parseSmtpUrl } from './smtp-server-address';
import { WECOM } from './wecom.dialect';
import { checkWebhookUrl } from './webhook-url';

/** Settings of the channels; what is undefined turns its channel off. Robots need none: their addresses are in the directory. */
export interface ChannelSettings {
  readonly QIYUE_SMTP_URL?: string | undefined;
  readonly QIYUE_MAIL_FROM?: string | undefined;
  readonly QIYUE_SMS_URL?: string | undefined;
  readonly QIYUE_SMS_TOKEN?: string | undefined;
  /** Hosts that may be posted to though they are not public, or not by https. */
  readonly QIYUE_WEBHOOK_HOSTS?: readonly string[] | undefined;
}

export interface OpenChannels {
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  /** To be said at start. */
  readonly off: readonly ChannelName[];
}

/** No channel can take longer than this for one message, ms: a lease has to be longer. */
export const SEND_MS_MAX = 60_000;

/** Throws one sentence when settings contradict themselves; never repeats a setting's value. */
export const openChannels = (settings: ChannelSettings, robotOf: RobotDeps['robotOf']): OpenChannels => {
  const allowedHosts = settings.QIYUE_WEBHOOK_HOSTS ?? [];
  const robots = [WECOM, DINGTALK].map((dialect) => new RobotChannel(dialect, { robotOf, allowedHosts }));
  const open: readonly (Channel | null)[] = [emailOf(settings), smsOf(settings, allowedHosts), ...robots];
  const channels = new Map(open.flatMap((channel) => (channel === null ? [] : [[channel.name, channel] as const])));
  return { channels, off: (['email', 'wecom', 'dingtalk', 'sms'] as const).filter((name) => !channels.has(name)) };
};

const emailOf = ({ QIYUE_SMTP_URL, QIYUE_MAIL_FROM }: ChannelSettings): Channel | null => {
  if (QIYUE_SMTP_URL === undefined) return null;
  const server = parseSmtpUrl(QIYUE_SMTP_URL);
  if (server === null) throw new Error('settings refused:\n  QIYUE_SMTP_URL: must be smtp://… or smtps://…');
  if (QIYUE_MAIL_FROM === undefined) throw new Error('settings refused:\n  QIYUE_MAIL_FROM: needed beside QIYUE_SMTP_URL');
  return new EmailChannel({ server, from: QIYUE_MAIL_FROM });
};

const smsOf = ({ QIYUE_SMS_URL, QIYUE_SMS_TOKEN }: ChannelSettings, allowedHosts: readonly string[]): Channel | null => {
  if (QIYUE_SMS_URL === undefined) return null;
  const checked = checkWebhookUrl(QIYUE_SMS_URL, allowedHosts);
  if (!checked.ok) throw new Error(`settings refused:\n  QIYUE_SMS_URL: ${checked.why}`);
  if (QIYUE_SMS_TOKEN === undefined) throw new Error('settings refused:\n  QIYUE_SMS_TOKEN: needed beside QIYUE_SMS_URL');
  if (!/^[\x21-\x7e]+$/.test(QIYUE_SMS_TOKEN)) throw new Error('settings refused:\n  QIYUE_SMS_TOKEN: must be printable ASCII');
  return new SmsChannel(new HttpSmsGateway({ url: checked.url, token: QIYUE_SMS_TOKEN }));
};
