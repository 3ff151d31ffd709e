import type { Directory } from '@qiyue/notices';
import type { Collection, Db, UpdateFilter } from 'mongodb';
import { isDuplicateKey } from '@qiyue/platform';
import { directoryDocument, EMPTY_WHOLE_DIRECTORY, type Places, type WholeDirectory } from './directory-document';

interface DirectoryDoc {
  readonly _id: string;
  readonly directory: Partial<WholeDirectory>;
  /** One more with each change. */
  readonly version?: number;
}

export interface CurrentDirectory {
  readonly directory: WholeDirectory;
  /** 0: none was imported, or it was before versions were counted. */
  readonly version: number;
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
    return (await this.current()).directory;
  }

  async current(): Promise<CurrentDirectory> {
    const found = await this.documents.findOne({ _id: CURRENT });
    return { directory: found === null ? EMPTY_WHOLE_DIRECTORY : directoryDocument.parse(found.directory), version: found?.version ?? 0 };
  }

  /** Without the persons. */
  async places(): Promise<Places> {
    const found = await this.documents.findOne({ _id: CURRENT }, { projection: { 'directory.communities': 1, 'directory.units': 1 } });
    const { communities = [], units = [] } = found?.directory ?? {};
    return { communities, units };
  }

  /** How many entries of the person there were. */
  async removePerson(id: string): Promise<number> {
    const { modifiedCount } = await this.documents.updateOne(
      { _id: CURRENT, 'directory.persons.id': id } as object,
      {
        ...{ $pull: { 'directory.persons': { id } }, $inc: { version: 1 } },
      } as UpdateFilter<DirectoryDoc>,
    );
    return modifiedCount;
  }

  /**
   * `directory` is one that `directoryDocument` has accepted. Answers its version; null when another than `onlyBehind` is there, which stays.
   * Without `onlyBehind` it replaces whatever is there.
   */
  async replace(directory: Directory & Partial<Places>, onlyBehind?: number): Promise<number | null> {
    const found = { _id: CURRENT, ...(onlyBehind === undefined ? {} : { version: onlyBehind === 0 ? { $exists: false } : onlyBehind }) };
    const next = { $set: { directory }, $inc: { version: 1 } };
    const options = { upsert: onlyBehind === undefined || onlyBehind === 0, returnDocument: 'after' as const };
    try {
      return (await this.documents.findOneAndUpdate(found, next, options))?.version ?? null;
    } catch (error) {
      if (onlyBehind !== undefined && isDuplicateKey(error)) return null; // there is one by now
      throw error;
    }
  }

  /** Only while none was imported. False: there is one, which stays. */
  async begin(directory: WholeDirectory): Promise<boolean> {
    const { upsertedCount } = await this.documents.updateOne({ _id: CURRENT }, { $setOnInsert: { directory, version: 1 } }, { upsert: true });
    return upsertedCount === 1;
  }
}
