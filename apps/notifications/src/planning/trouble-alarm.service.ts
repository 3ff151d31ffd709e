import { Injectable } from '@nestjs/common';
import { troublesOf, type AlarmStore, type InboxStore, type NoticeStore, type SystemHealth, type SystemSnapshot, type Trouble } from '@qiyue/edge';
import { processMetrics, type Clock, type Logger } from '@qiyue/platform';
import { toShanghaiIso } from '@qiyue/engine';
import { overNotices, troubleNotices, type Notices, type TroubleAlarm } from '@qiyue/notices';
import { LookingService } from './looking.service';
import type { NoticeDependencyReader } from './notice-dependencies';

const LOOK_EVERY_MS = 5_000;
/** How long a process has to be missed: deployments and starts pass. The others have lasted when they become a trouble. */
const MISSED_MS = 15_000;

export interface TroubleAlarmPorts {
  readonly health: Pick<SystemHealth, 'read'>;
  readonly alarms: Pick<AlarmStore, 'note' | 'untold' | 'markTold' | 'noteGone' | 'over' | 'forget'>;
  readonly inbox: Pick<InboxStore, 'insert'>;
  readonly notices: Pick<NoticeStore, 'insert'>;
  readonly dependencies: Pick<NoticeDependencyReader, 'common'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Pick<Logger, 'warn'>;
  readonly checkpointMinutes: number;
}

/**
 * Looks at what is broken and tells supervisors and operators of what was not broken before: each trouble once, those that are first
 * seen together as one; and when what they were told of is over.
 */
@Injectable()
export class TroubleAlarmService extends LookingService {
  private readonly missedSinceMs = new Map<string, number>();

  constructor(private readonly ports: TroubleAlarmPorts) {
    super(LOOK_EVERY_MS);
  }

  override async look(): Promise<void> {
    const { alarms, health, clock, log, checkpointMinutes } = this.ports;
    try {
      const snapshot = await health.read();
      const present = troublesOf(snapshot, { checkpointMinutes });
      await alarms.note(this.settled(present), toShanghaiIso(clock.nowMs()));
      for (const alarm of await alarms.untold()) await this.tell(alarm);
      if (isWhole(snapshot)) await this.tellOver(present.map(({ id }) => id));
    } catch (error) {
      log.warn({ err: error instanceof Error ? error.name : typeof error }, 'troubles cannot be looked at');
    }
  }

  private async tell(alarm: TroubleAlarm): Promise<void> {
    await this.insert(troubleNotices(alarm, await this.ports.dependencies.common()));
    await this.ports.alarms.markTold(alarm.id);
    for (const { kind, subject, seq } of alarm.troubles) {
      processMetrics().alarms.inc({ kind });
      this.ports.log.warn({ kind, subject, seq }, 'supervisors and operators are told of a trouble');
    }
  }

  private async tellOver(present: readonly string[]): Promise<void> {
    const { alarms, clock, dependencies, log } = this.ports;
    await alarms.noteGone(present, Date.now());
    const over = await alarms.over(Date.now(), toShanghaiIso(clock.nowMs()));
    if (over === null) return;
    await this.insert(overNotices(over.alarm, await dependencies.common()));
    await alarms.forget(over.ids);
    for (const { kind, subject, seq } of over.alarm.troubles)
      log.warn({ kind, subject, seq }, 'supervisors and operators are told that a trouble is over');
  }

  private async insert({ inbox, outward }: Notices): Promise<void> {
    await this.ports.inbox.insert(inbox);
    await this.ports.notices.insert(outward);
  }

  private settled(present: readonly Trouble[]): readonly Trouble[] {
    const nowMs = Date.now();
    const missed = new Set(present.flatMap(({ id, kind }) => (kind === 'process-missing' ? [id] : [])));
    for (const id of this.missedSinceMs.keys()) if (!missed.has(id)) this.missedSinceMs.delete(id);
    for (const id of missed) if (!this.missedSinceMs.has(id)) this.missedSinceMs.set(id, nowMs);
    return present.filter(({ id }) => !missed.has(id) || nowMs - (this.missedSinceMs.get(id) ?? nowMs) >= MISSED_MS);
  }
}

/** What is not known now has not gone. */
const isWhole = (snapshot: SystemSnapshot): boolean => Object.values(snapshot).every((part) => part !== null);
