import { Injectable } from '@nestjs/common';
import type { AnyAggregate, QueryPorts } from '@qiyue/aggregate';
import type { DailyProgress, InboxStore, NoticeStore } from '@qiyue/edge';
import { instantMsOf, toShanghaiIso, DAY_MS } from '@qiyue/engine';
import { dailyNotices, openedToday, type NoticeDependencies } from '@qiyue/notices';
import type { Clock, Logger } from '@qiyue/platform';
import { LookingService } from './looking.service';
import type { NoticeDependencyReader } from './notice-dependencies';

const LOOK_EVERY_MS = 30_000;

export interface DailyPorts {
  readonly aggregates: readonly AnyAggregate[];
  readonly progress: Pick<DailyProgress, 'lastOf' | 'note'>;
  readonly inbox: Pick<InboxStore, 'insert'>;
  readonly notices: Pick<NoticeStore, 'insert'>;
  readonly dependencies: Pick<NoticeDependencyReader, 'common'>;
  readonly models: Pick<QueryPorts, 'model' | 'keys'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * Tells units once on a working day, when the office has opened, what is new for them. What came until the opening, so that it is
 * the same whenever it is told. Noted when all notices are stored: a process that dies before
 * that tells the rest later, under the same keys, so that nobody is told twice.
 */
@Injectable()
export class DailyService extends LookingService {
  constructor(private readonly ports: DailyPorts) {
    super(LOOK_EVERY_MS);
  }

  override async look(): Promise<void> {
    try {
      for (const aggregate of this.ports.aggregates) await this.tell(aggregate, toShanghaiIso(this.ports.clock.nowMs()));
    } catch (error) {
      this.ports.log.warn({ err: error instanceof Error ? error.name : typeof error }, 'what is new cannot be told now');
    }
  }

  private async tell({ decider, daily }: AnyAggregate, now: string): Promise<void> {
    if (daily === undefined) return;
    const { progress, dependencies: reader, models } = this.ports;
    const last = await progress.lastOf(daily.type);
    if (last !== null && isSameDay(last, now)) return;
    const dependencies = await reader.common();
    const at = openedToday(now, dependencies);
    if (at === null) return;
    const from = last ?? toShanghaiIso(instantMsOf(at) - DAY_MS);
    const told = await daily.read({ from, until: at }, departmentsIn(dependencies), { ...models, now });
    const all = told.map((one) => dailyNotices({ aggregate: decider.aggregate, type: daily.type, at, ...one }, dependencies));
    await this.ports.inbox.insert(all.flatMap(({ inbox }) => inbox));
    await this.ports.notices.insert(all.flatMap(({ outward }) => outward));
    await progress.note(daily.type, at);
  }
}

const DATE_LENGTH = 'YYYY-MM-DD'.length;
const isSameDay = (a: string, b: string): boolean => a.slice(0, DATE_LENGTH) === b.slice(0, DATE_LENGTH);

const departmentsIn = ({ directory }: NoticeDependencies): readonly string[] =>
  directory.persons.flatMap(({ role, unit }) => (role === 'department' && unit !== null ? [unit] : []));
