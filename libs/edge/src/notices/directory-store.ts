import type { Directory } from '@qiyue/notices';
import type { Collection, Db, UpdateFilter } from 'mongodb';
import { directoryDocument, EMPTY_WHOLE_DIRECTORY, type Places, type WholeDirectory } from './directory-document';

interface DirectoryDoc {
  readonly _id: string;
  readonly directory: Partial<WholeDirectory>;
}

const CURRENT = 'current';

/** Persons, robots and places, in one document: readers see all of a directory or all of the one before. */
export class DirectoryStore {
  private readonly documents: Collection<DirectoryDoc>;

  constructor(db: Db) {
    this.documents = db.collection('directory');
  }

  /** Empty until one was imported. */
  async read(): Promise<WholeDirectory> {
    const found = await this.documents.findOne({ _id: CURRENT });
    return found === null ? EMPTY_WHOLE_DIRECTORY : directoryDocument.parse(found.directory);
  }

  /** Without the persons. */
  async places(): Promise<Places> {
    const found = await this.documents.findOne({ _id: CURRENT }, { projection: { 'directory.communities': 1, 'directory.units': 1 } });
    const { communities = [], units = [] } = found?.directory ?? {};
    return { communities, units };
  }

  /** How many entries of the person there were. */
  async removePerson(id: string): Promise<number> {
    const { modifiedCount } = await this.documents.updateOne({ _id: CURRENT }, {
      $pull: { 'directory.persons': { id } },
    } as UpdateFilter<DirectoryDoc>);
    return modifiedCount;
  }

  /** `directory` is one that `directoryDocument` has accepted. */
  async replace(directory: Directory & Partial<Places>): Promise<void> {
    await this.documents.replaceOne({ _id: CURRENT }, { directory }, { upsert: true });
  }

  /** Only while none was imported. False: there is one, which stays. */
  async begin(directory: WholeDirectory): Promise<boolean> {
    const { upsertedCount } = await this.documents.updateOne({ _id: CURRENT }, { $setOnInsert: { directory } }, { upsert: true });
    return upsertedCount === 1;
  }
}
