import type { Moment, NoticeDoc, NoticeStore } from '@qiyue/edge';
import type { Clock, Logger } from '@qiyue/platform';
import { toShanghaiIso } from '@qiyue/engine';
import { DIGEST_MAX } from '@qiyue/notices';
import { RobotPace } from '../channels';
import type { Dispatch } from './dispatch';

export interface SenderPorts {
  readonly notices: Pick<NoticeStore, 'due' | 'hangDead'>;
  readonly dispatch: Pick<Dispatch, 'send'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Logger;
}

const POLL_MS = 200;
const PAUSE_MS = 1_000;
const DUE_MAX = 500;
const AT_ONCE = 8;

/**
 * Sends what is due: claim, send, settle.
 *
 * Contract:
 * 1. All that is due for one address goes as one message, and this process sends one message to it at a time.
 * 2. A robot is written to as often as it takes; what waits for it meanwhile goes with its next message.
 * 3. Whatever is not settled hangs; nothing that may have arrived is sent again.
 */
export class Sender {
  private readonly pace = new RobotPace();
  /** Robots that take nothing before that moment, ms of the machine's clock. */
  private readonly heldUntilMs = new Map<string, number>();
  private readonly underWay = new Map<string, Promise<void>>();
  private running: Promise<void> | null = null;
  private wake: () => void = () => undefined;
  private stopped = false;

  constructor(private readonly ports: SenderPorts) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when what was claimed is settled. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
    await Promise.all(this.underWay.values());
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const waitMs = await this.round().then(
        () => POLL_MS,
        (error: unknown) => this.pauseAfter(error),
      );
      if (!this.stopped) await this.sleep(waitMs);
    }
  }

  /** Begins to send all that can be sent now. */
  private async round(): Promise<void> {
    const moment = { now: toShanghaiIso(this.ports.clock.nowMs()), realMs: Date.now() };
    const hung = await this.ports.notices.hangDead(moment);
    if (hung > 0) this.ports.log.error({ hung }, 'notices hang: their sender was cut off');
    const due = await this.ports.notices.due(moment, this.notNow(moment), DUE_MAX);
    for (const [target, notices] of byTarget(due)) {
      if (this.underWay.size >= AT_ONCE) return;
      if (!this.underWay.has(target) && this.takesNow(target, notices, moment)) this.begin(target, notices);
    }
  }

  private notNow({ realMs }: Moment): readonly string[] {
    for (const [target, untilMs] of this.heldUntilMs) if (untilMs <= realMs) this.heldUntilMs.delete(target);
    return [...this.underWay.keys(), ...this.heldUntilMs.keys()];
  }

  private takesNow(target: string, notices: readonly NoticeDoc[], { realMs }: Moment): boolean {
    if (!isRobot(notices)) return true;
    if (this.pace.mayNow(target, realMs)) return true;
    this.heldUntilMs.set(target, this.pace.nextAtMs(target, realMs));
    return false;
  }

  private begin(target: string, notices: readonly NoticeDoc[]): void {
    const sending = this.send(target, notices)
      .catch((error: unknown) => this.ports.log.error({ err: nameOf(error) }, 'a message was not settled'))
      .finally(() => this.underWay.delete(target));
    this.underWay.set(target, sending);
  }

  private async send(target: string, notices: readonly NoticeDoc[]): Promise<void> {
    if (isRobot(notices)) this.pace.took(target, Date.now());
    const isShort = notices[0]?.channel === 'sms';
    const delivery = await this.ports.dispatch.send(notices.slice(0, isShort ? 1 : DIGEST_MAX));
    if (delivery?.kind === 'later' && delivery.afterMs !== null) this.pace.hold(target, Date.now() + delivery.afterMs);
  }

  private pauseAfter(error: unknown): number {
    this.ports.log.warn({ err: nameOf(error) }, 'notices cannot be read');
    return PAUSE_MS;
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
const isRobot = ([first]: readonly NoticeDoc[]): boolean => first?.channel === 'wecom' || first?.channel === 'dingtalk';

const byTarget = (notices: readonly NoticeDoc[]): ReadonlyMap<string, readonly NoticeDoc[]> => {
  const groups = new Map<string, NoticeDoc[]>();
  for (const notice of notices) groups.set(notice.target, [...(groups.get(notice.target) ?? []), notice]);
  return groups;
};
