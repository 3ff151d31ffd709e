import { Binary, type Collection, type Db } from 'mongodb';
import { insertNew } from '@qiyue/platform';
import { openFile, sealFile, type SubjectKeys } from '@qiyue/privacy';

/** Bytes: a document of MongoDB ends at 16 MiB, and one document is what makes a file be there as a whole or not at all. */
export const FILE_BYTES_MAX = 8_000_000;
/** Over all who attach something to one entity. */
export const FILES_PER_ENTITY_MAX = 200;

/** What is known of a file beside its content. It never had a name here: names tell about persons. */
export interface FileFacts {
  readonly fileId: string;
  readonly entity: string;
  /** By content: `image/jpeg` and the like. */
  readonly mediaType: string;
  readonly bytes: number;
  /** Id of who attached it, under whose key it lies. */
  readonly by: string;
  /** Business time, ISO 8601 with offset. */
  readonly at: string;
}

/** Documents keep the name that they had while there were needs only. */
interface FileDoc extends Omit<FileFacts, 'fileId' | 'entity'> {
  readonly _id: string;
  readonly needId: string;
  readonly keyId: string;
  readonly sealed: Binary;
}

/** Rejects with `KeysUnavailable` when persons' keys cannot be reached. */
export class FileStore {
  private readonly files: Collection<FileDoc>;

  constructor(
    db: Db,
    private readonly keys: Pick<SubjectKeys, 'of' | 'byId'>,
  ) {
    this.files = db.collection('files');
  }

  async ensureIndexes(): Promise<void> {
    await Promise.all([this.files.createIndex({ needId: 1, at: 1, _id: 1 }), this.files.createIndex({ by: 1 })]);
  }

  /** Sealed under `by`'s key. The same content again is the file that is there. Null when the entity has as many as it may have. */
  async add(content: Buffer, { entity, mediaType, by, at }: Pick<FileFacts, 'entity' | 'mediaType' | 'by' | 'at'>): Promise<FileFacts | null> {
    const key = await this.keys.of(by);
    const { fileId, sealed } = sealFile(key, entity, content);
    const there = await this.find(entity, fileId);
    if (there !== null) return there;
    if ((await this.files.countDocuments({ needId: entity }, { limit: FILES_PER_ENTITY_MAX })) >= FILES_PER_ENTITY_MAX) return null;
    const facts = { mediaType, bytes: content.length, by, at };
    await insertNew(this.files, [{ _id: fileId, needId: entity, ...facts, keyId: key.keyId, sealed: new Binary(sealed) }]);
    return { fileId, entity, ...facts };
  }

  /** Oldest first. */
  async list(entity: string): Promise<FileFacts[]> {
    const found = await this.files.find({ needId: entity }).project<Facts>(FACTS).sort({ at: 1, _id: 1 }).toArray();
    return found.map(factsOf);
  }

  /** All that a person attached anywhere, oldest first. */
  async listOf(by: string): Promise<FileFacts[]> {
    const found = await this.files.find({ by }).project<Facts>(FACTS).sort({ at: 1, _id: 1 }).toArray();
    return found.map(factsOf);
  }

  /** All that was attached to these entities. */
  async removeAt(entities: readonly string[]): Promise<number> {
    return (await this.files.deleteMany({ needId: { $in: [...entities] } })).deletedCount;
  }

  async find(entity: string, fileId: string): Promise<FileFacts | null> {
    const found = await this.files.findOne<Facts>({ _id: fileId, needId: entity }, { projection: FACTS });
    return found === null ? null : factsOf(found);
  }

  /** Null when it is not there, or its key was erased. Throws when it does not open: somebody changed it. */
  async open(entity: string, fileId: string): Promise<Buffer | null> {
    const found = await this.files.findOne({ _id: fileId, needId: entity });
    const key = found === null ? null : await this.keys.byId(found.keyId);
    if (found === null || key === null) return null;
    const content = openFile(key, { fileId, sealed: Buffer.from(found.sealed.buffer) });
    if (content === null) throw new Error(`file ${fileId} is not what was sealed`);
    return content;
  }

  /** All that a person attached anywhere. */
  async removeOf(by: string): Promise<number> {
    return (await this.files.deleteMany({ by })).deletedCount;
  }
}

type Facts = Omit<FileDoc, 'keyId' | 'sealed'>;
const FACTS = { sealed: 0, keyId: 0 } as const;
const factsOf = ({ _id, needId, ...facts }: Facts): FileFacts => ({ fileId: _id, entity: needId, ...facts });
