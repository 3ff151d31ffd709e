import { DEFAULT_PREFERENCES, type Preferences } from '@qiyue/notices';
import type { Collection, Db } from 'mongodb';

type PreferenceDoc = Preferences & { readonly _id: string };

/** Preferences by the actor's id. Only of those who have any of their own. */
export class PreferenceStore {
  private readonly documents: Collection<PreferenceDoc>;

  constructor(db: Db) {
    this.documents = db.collection('preferences');
  }

  async of(actorId: string): Promise<Preferences> {
    const found = await this.documents.findOne({ _id: actorId });
    return found === null ? DEFAULT_PREFERENCES : preferencesIn(found);
  }

  async all(): Promise<ReadonlyMap<string, Preferences>> {
    const found = await this.documents.find().toArray();
    return new Map(found.map((document) => [document._id, preferencesIn(document)]));
  }

  async removeOf(actorId: string): Promise<number> {
    return (await this.documents.deleteOne({ _id: actorId })).deletedCount;
  }

  async replace(actorId: string, { off, when }: Preferences): Promise<void> {
    await this.documents.replaceOne({ _id: actorId }, { off, when }, { upsert: true });
  }
}

const preferencesIn = ({ off, when }: PreferenceDoc): Preferences => ({ off, when });
