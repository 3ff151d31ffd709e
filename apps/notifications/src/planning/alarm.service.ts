import { Injectable } from '@nestjs/common';
import type { AuditLog } from '@qiyue/audit';
import type { InboxStore, NoticeStore } from '@qiyue/edge';
import type { Logger } from '@qiyue/platform';
import { alarmNotices } from '@qiyue/notices';
import { LookingService } from './looking.service';
import type { NoticeDependencyReader } from './notice-dependencies';

const LOOK_EVERY_MS = 5_000;

export interface AlarmPorts {
  readonly audits: Pick<AuditLog, 'last'>;
  readonly inbox: Pick<InboxStore, 'insert'>;
  readonly notices: Pick<NoticeStore, 'insert'>;
  readonly dependencies: Pick<NoticeDependencyReader, 'common'>;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * Looks at what the last verification of the ledger found and tells supervisors and operators. It does not wait for an event: should
 * the ledger's own ways be what was tampered with, the alarm still goes out. The same verification again gives the same keys.
 */
@Injectable()
export class AlarmService extends LookingService {
  private toldAt: string | null = null;

  constructor(private readonly ports: AlarmPorts) {
    super(LOOK_EVERY_MS);
  }

  override async look(): Promise<void> {
    try {
      const last = await this.ports.audits.last();
      const first = last?.findings[0];
      if (last === null || first === undefined || last.at === this.toldAt) return;
      const { at, findingCount } = last;
      const { inbox, outward } = alarmNotices({ at, findingCount, first }, await this.ports.dependencies.common());
      await this.ports.inbox.insert(inbox);
      await this.ports.notices.insert(outward);
      this.toldAt = at;
      this.ports.log.warn({ findings: findingCount }, 'the ledger is not what was written: supervisors and operators are told');
    } catch (error) {
      this.ports.log.warn({ err: error instanceof Error ? error.name : typeof error }, 'the last verification cannot be looked at');
    }
  }
}
