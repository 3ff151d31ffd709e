import { randomUUID } from 'node:crypto';
import { OVER_BUDGET, type Lease, type NoticeDoc, type NoticeStore, type Settlement, type SmsBudgets } from '@qiyue/edge';
import { processMetrics, type Clock, type Logger } from '@qiyue/platform';
import { toShanghaiIso } from '@qiyue/engine';
import { digestOf } from '@qiyue/notices';
import type { Channel, ChannelName, Delivery } from '../channels';
import type { RecentDirectory } from './recent-directory';
import { settlementOf } from './settlement';

export interface DispatchPorts {
  readonly notices: Pick<NoticeStore, 'claim' | 'settle'>;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly directory: Pick<RecentDirectory, 'addressOf'>;
  readonly budgets: Pick<SmsBudgets, 'pay'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Logger;
  /** How long whoever has claimed a notice may take, ms. */
  readonly leaseMs: number;
}

const CLAIM_ATTEMPTS = 10;
const CLAIM_PAUSE_MS = 100;
const SETTLE_ATTEMPTS = 20;
const SETTLE_PAUSE_MS = 500;
const SETTLE_PAUSE_MS_MAX = 5_000;

/** Claims notices to one address, sends them as one message and settles what became of it. */
export class Dispatch {
  constructor(private readonly ports: DispatchPorts) {}

  /** Null when another sender had claimed them all. */
  async send(notices: readonly NoticeDoc[]): Promise<Delivery | null> {
    const lease = randomUUID();
    const keys = notices.map(({ _id }) => _id);
    const claimed = await this.claim(keys, { id: lease, untilMs: Date.now() + this.ports.leaseMs });
    const [first] = claimed;
    if (first === undefined) return null;
    const delivery = await this.deliver(first, claimed);
    const settlement = settlementOf(delivery, Math.max(...claimed.map(({ attempts }) => attempts)), Date.now());
    processMetrics().notices.inc({ channel: first.channel, outcome: settlement.state }, claimed.length);
    const reason = 'reason' in settlement ? { reason: settlement.reason } : {};
    this.ports.log.info({ channel: first.channel, count: claimed.length, state: settlement.state, ...reason }, 'message');
    await this.settle(lease, settlement);
    return delivery;
  }

  /**
   * Again under the same lease when the database changes its primary meanwhile: what the first try took is among them, and would hang for ever
   * though nobody sent it. Until half of the lease is over, so that the rest is enough to send in.
   */
  private async claim(keys: readonly string[], lease: Lease): Promise<readonly NoticeDoc[]> {
    const untilMs = Date.now() + this.ports.leaseMs / 2;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.ports.notices.claim(keys, lease);
      } catch (error) {
        if (attempt === CLAIM_ATTEMPTS || Date.now() > untilMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, CLAIM_PAUSE_MS * attempt));
      }
    }
  }

  private async deliver(first: NoticeDoc, notices: readonly NoticeDoc[]): Promise<Delivery> {
    const channel = this.ports.channels.get(first.channel);
    if (channel === undefined) return { kind: 'later', reason: 'the channel is off', afterMs: null };
    const to = await this.ports.directory.addressOf(first).catch(() => undefined);
    if (to === undefined) return { kind: 'later', reason: 'the directory does not answer', afterMs: null };
    if (to === null) return { kind: 'refused', reason: 'not in the directory' };
    const isPaid = await this.pay(first).catch(() => null);
    if (isPaid === null) return { kind: 'later', reason: 'the budget cannot be read', afterMs: null };
    if (!isPaid) return { kind: 'refused', reason: OVER_BUDGET };
    const message = digestOf(
      notices.map(({ _id, ...notice }) => ({ ...notice, key: _id })),
      first.language,
    );
    return channel.send({ ...message, to }).catch((): Delivery => ({ kind: 'unknown', reason: 'the channel failed' }));
  }

  /** Short messages go one by one, so that the first is all of them. */
  private async pay({ _id, budgets = [] }: NoticeDoc): Promise<boolean> {
    return budgets.length === 0 || this.ports.budgets.pay(budgets, _id, toShanghaiIso(this.ports.clock.nowMs()));
  }

  /** What cannot be settled in time hangs when its lease runs out. */
  private async settle(lease: string, settlement: Settlement): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.ports.notices.settle(lease, settlement, toShanghaiIso(this.ports.clock.nowMs()));
      } catch (error) {
        if (attempt === SETTLE_ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.min(SETTLE_PAUSE_MS_MAX, SETTLE_PAUSE_MS * attempt)));
      }
    }
  }
}
