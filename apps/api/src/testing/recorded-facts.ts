import { AUDIT, FactTrail, type FactQuery, type TrailFact } from '@qiyue/audit';
import { FeedReader, LedgerStore, Relay } from '@qiyue/engine-runtime';
import { eventually } from '@qiyue/testkit';
import type { Db } from 'mongodb';

/** What the API under test has put on record: does what the relay and the projections do with it. */
export class RecordedFacts {
  private readonly trail: FactTrail;
  private readonly relay: Relay;
  private readonly relaying: Promise<void>;

  constructor(
    db: Db,
    readonly ledger = new LedgerStore(db, AUDIT),
  ) {
    this.trail = new FactTrail(db, ['needId']);
    this.relay = new Relay(ledger, { publish: () => Promise.resolve() });
    this.relaying = this.relay.run();
  }

  /** Of all that was recorded by now. */
  async list(asked: Partial<FactQuery>): Promise<readonly TrailFact[]> {
    const recorded = await this.ledger.ledger.countDocuments();
    await eventually('the feed to hold it', async () => (await this.ledger.feed.countDocuments()) >= recorded);
    await this.trail.catchUp(new FeedReader(this.ledger));
    return this.trail.list({ limit: 100, ...asked });
  }

  async close(): Promise<void> {
    this.relay.stop();
    await this.relaying;
  }
}
