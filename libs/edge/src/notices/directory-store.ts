import { EMPTY_DIRECTORY, type Directory } from '@qiyue/notices';
import type { Collection, Db, UpdateFilter } from 'mongodb';
import { directoryDocument } from './directory-document';

interface DirectoryDoc {
  readonly _id: string;
  readonly directory: Directory;
}

const CURRENT = 'current';

/** Persons and robots, in one document: readers see all of a directory or all of the one before. */
export class DirectoryStore {
  private readonly documents: Collection<DirectoryDoc>;

  constructor(db: Db) {
    this.documents = db.collection('directory');
  }

  /** Empty until one was imported. */
  async read(): Promise<Directory> {
    const found = await this.documents.findOne({ _id: CURRENT });
    return found === null ? EMPTY_DIRECTORY : directoryDocument.parse(found.directory);
  }

  /** How many entries of the person there were. */
  async removePerson(id: string): Promise<number> {
    const { modifiedCount } = await this.documents.updateOne({ _id: CURRENT }, {
      $pull: { 'directory.persons': { id } },
    } as UpdateFilter<DirectoryDoc>);
    return modifiedCount;
  }

  /** `directory` is one that `directoryDocument` has accepted. */
  async replace(directory: Directory): Promise<void> {
    await this.documents.replaceOne({ _id: CURRENT }, { directory }, { upsert: true });
  }
}
