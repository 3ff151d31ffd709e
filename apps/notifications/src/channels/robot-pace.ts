const WINDOW_MS = 60_000;
const MESSAGES_MAX = 20;

/**
 * How fast a robot may be written to: 20 messages within any minute, as WeCom and DingTalk say it of theirs. Knows no clock;
 * the instants are real ones, ms since 1970, also in a rehearsal, since the robots' own count is. It counts what one process sends.
 */
export class RobotPace {
  private readonly sentAtMs = new Map<string, readonly number[]>();
  private readonly heldUntilMs = new Map<string, number>();

  constructor(
    private readonly messagesMax = MESSAGES_MAX,
    private readonly windowMs = WINDOW_MS,
  ) {}

  mayNow(robot: string, nowMs: number): boolean {
    return this.nextAtMs(robot, nowMs) <= nowMs;
  }

  /** The first moment at which one more message fits; `nowMs` when it does now. */
  nextAtMs(robot: string, nowMs: number): number {
    const sent = this.within(robot, nowMs);
    const oldest = sent.at(-this.messagesMax);
    return Math.max(nowMs, this.heldUntilMs.get(robot) ?? 0, oldest === undefined ? 0 : oldest + this.windowMs);
  }

  /** To be said of every attempt, when it begins: the other side counts those that it refuses, too. */
  took(robot: string, nowMs: number): void {
    this.sentAtMs.set(robot, [...this.within(robot, nowMs), nowMs]);
  }

  /** The other side has said how long it wants to hear nothing. */
  hold(robot: string, untilMs: number): void {
    this.heldUntilMs.set(robot, Math.max(untilMs, this.heldUntilMs.get(robot) ?? 0));
  }

  private within(robot: string, nowMs: number): readonly number[] {
    return (this.sentAtMs.get(robot) ?? []).filter((atMs) => atMs > nowMs - this.windowMs);
  }
}
