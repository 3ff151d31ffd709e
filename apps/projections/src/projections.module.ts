import { Module, type DynamicModule } from '@nestjs/common';
import { needsModel, type EventBus, type Logger } from '@qiyue/adapters';
import { ActiveModel, Projector, Quarantine, type LedgerStore } from '@qiyue/engine-runtime';
import { NeedEventsConsumer } from './need-events.consumer';
import { ProjectionBatches } from './projection-batches';

export interface ProjectionsDeps {
  readonly log: Logger;
  readonly store: LedgerStore;
  readonly bus: EventBus;
}

@Module({})
export class ProjectionsModule {
  static with({ log, store, bus }: ProjectionsDeps): DynamicModule {
    const quarantine = new Quarantine(store.db, needsModel.name);
    const projector = new Projector(needsModel, { store, quarantine, active: new ActiveModel(store.db, needsModel) });
    const batches = new ProjectionBatches(projector, quarantine, needsModel.aggregate, log);
    return {
      module: ProjectionsModule,
      providers: [{ provide: NeedEventsConsumer, useValue: new NeedEventsConsumer(bus, batches, log) }],
    };
  }
}
