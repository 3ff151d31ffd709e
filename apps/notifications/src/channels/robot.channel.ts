import { z } from 'zod';
import type { Channel, Delivery, OutgoingMessage } from './channel';
import { deliveryOf } from './http-delivery';
import { postJson } from './post-json';
import { deliveryOfErrcode, type RobotAddress, type RobotDialect } from './robot-dialect';
import { checkWebhookUrl } from './webhook-url';

export interface RobotDeps {
  /** The robot of that id in the directory as it is now; null when there is none. */
  readonly robotOf: (id: string) => Promise<RobotAddress | null>;
  /** Hosts that may be posted to though they are not public, or not by https. */
  readonly allowedHosts?: readonly string[];
  readonly timeoutMs?: number;
  /** Real time, ms since 1970. */
  readonly nowMs?: () => number;
}

const answerSchema = z.object({ errcode: z.number().int() });

/** Messages into a group chat by its robot. Never asks how fast it may: that is the sender's, with `RobotPace`. */
export class RobotChannel implements Channel {
  readonly name: RobotDialect['name'];

  constructor(
    private readonly dialect: RobotDialect,
    private readonly deps: RobotDeps,
  ) {
    this.name = dialect.name;
  }

  async send(message: OutgoingMessage): Promise<Delivery> {
    const { robotOf, allowedHosts = [], timeoutMs, nowMs = Date.now } = this.deps;
    const robot = await robotOf(message.to).catch(() => 'away' as const);
    if (robot === 'away') return { kind: 'later', reason: 'the directory does not answer', afterMs: null };
    if (robot === null) return { kind: 'refused', reason: 'no such robot in the directory' };
    const checked = checkWebhookUrl(robot.url, allowedHosts);
    if (!checked.ok) return { kind: 'refused', reason: `address of the robot: ${checked.why}` };
    const target = this.dialect.addressOf(checked.url, robot.secret, nowMs());
    const options = { mayBeInner: checked.isNamed, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    const outcome = await postJson(target, this.dialect.bodyOf(message), options);
    return deliveryOf(outcome, nowMs(), (text) => this.read(text));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private read(text: string): Delivery {
    const answer = answerSchema.safeParse(parsedJson(text));
    if (!answer.success) return { kind: 'unknown', reason: `${this.name}: an answer without errcode` };
    return deliveryOfErrcode(answer.data.errcode, this.dialect);
  }
}

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
