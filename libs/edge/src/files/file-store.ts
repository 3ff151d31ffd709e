import { Binary, type Collection, type Db } from 'mongodb';
import { insertNew } from '@qiyue/platform';
import { fileIdOf, openFile, sealFile, type SubjectKey, type SubjectKeys } from '@qiyue/privacy';

/** Bytes: a document of MongoDB ends at 16 MiB, and one document is what makes a file be there as a whole or not at all. */
export const FILE_BYTES_MAX = 8_000_000;
/** Over all who attach something to one entity. */
export const FILES_PER_ENTITY_MAX = 200;
/** What one person has sent and named nowhere yet. */
export const UPLOADS_PER_PERSON_MAX = 40;
/** How long a file waits to be named. */
export const UPLOAD_KEPT_MS = 24 * 3_600_000;
/** The same content can be sent again for another entity, once it is named at one. */
const UPLOADS_OF_A_CONTENT_MAX = 50;

/** What was sent ahead of the command that names it lies here, as if this were an entity of its sender's. */
export const uploadsOf = (by: string): string => `uploads:${by}`;

/** What is known of a file beside its content. It never had a name here: names tell about persons. */
export interface FileFacts {
  readonly fileId: string;
  readonly entity: string;
  /** By content: `image/jpeg` and the like. */
  readonly mediaType: string;
  /** As it is kept. */
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
  /** When it goes by itself, since nobody has named it. Not there: it stays. By MongoDB's clock, which removes it. */
  readonly until?: Date;
  readonly keyId: string;
  readonly sealed: Binary;
}

/** A file that a command took, and where it waited before. */
export interface TakenFile {
  readonly fileId: string;
  readonly from: string;
}
type Added = Pick<FileFacts, 'entity' | 'mediaType' | 'by' | 'at'>;

/** Content whose id is known, to be kept. */
interface Named {
  readonly fileId: string;
  readonly key: SubjectKey;
  readonly content: Buffer;
}

/** A picture made smaller, of the same media type; null for what is kept as it came. Never rejects. */
export type Shrink = (content: Buffer, mediaType: string) => Promise<Buffer | null>;

/** Rejects with `KeysUnavailable` when persons' keys cannot be reached. */
export class FileStore {
  private readonly files: Collection<FileDoc>;

  constructor(
    db: Db,
    private readonly keys: Pick<SubjectKeys, 'of' | 'byId'>,
    private readonly shrink: Shrink = () => Promise.resolve(null),
  ) {
    this.files = db.collection('files');
  }

  async ensureIndexes(): Promise<void> {
    await Promise.all([
      this.files.createIndex({ needId: 1, at: 1, _id: 1 }),
      this.files.createIndex({ by: 1 }),
      this.files.createIndex({ until: 1 }, { expireAfterSeconds: 0 }),
    ]);
  }

  /** Sealed under `by`'s key. The same content again is the file that is there. Null when the entity has as many as it may have. */
  async add(content: Buffer, added: Added): Promise<FileFacts | null> {
    const file = await this.named(content, added, added.entity);
    const there = await this.find(added.entity, file.fileId);
    if (there !== null) return this.kept(there);
    return (await this.isFull(added.entity, FILES_PER_ENTITY_MAX)) ? null : this.insert(file, added);
  }

  /** The same for a command that is about to name it at `entity`, which need not be there yet: it goes by itself unless it is taken. */
  async addWaiting(content: Buffer, added: Added): Promise<FileFacts | null> {
    const file = await this.named(content, added, added.entity);
    const there = await this.find(added.entity, file.fileId);
    if (there !== null) return there;
    return (await this.isFull(added.entity, FILES_PER_ENTITY_MAX)) ? null : this.insert(file, added, waits());
  }

  /** What is sent ahead of the command that will name it. Null when so many of the person's wait already. */
  async upload(content: Buffer, added: Omit<Added, 'entity'>): Promise<FileFacts | null> {
    const entity = uploadsOf(added.by);
    for (let time = 1; time <= UPLOADS_OF_A_CONTENT_MAX; time += 1) {
      const file = await this.named(content, added, `${entity}:${time}`);
      const there = await this.files.findOne<Facts>({ _id: file.fileId }, { projection: FACTS });
      if (there?.needId === entity) return factsOf(there);
      if (there !== null) continue; // it is named somewhere by now
      return (await this.isFull(entity, UPLOADS_PER_PERSON_MAX)) ? null : this.insert(file, { ...added, entity }, waits());
    }
    return null;
  }

  /**
   * Brings what `by` has sent ahead to the entity whose command names it, and keeps what waits there. `unknown`: those that are neither there nor `by`'s to
   * name; then nothing is taken.
   */
  async take(
    fileIds: readonly string[],
    { entity, by }: Pick<FileFacts, 'entity' | 'by'>,
  ): Promise<{ readonly taken: readonly TakenFile[]; readonly unknown: readonly string[] }> {
    const found = await this.files
      .find({ _id: { $in: [...fileIds] }, needId: { $in: [entity, uploadsOf(by)] } })
      .project<Pick<FileDoc, '_id' | 'needId' | 'until'>>({ needId: 1, until: 1 })
      .toArray();
    const absent = fileIds.filter((fileId) => !found.some(({ _id }) => _id === fileId));
    if (absent.length > 0) return { taken: [], unknown: absent };
    const waiting = found.filter(({ needId, until }) => needId !== entity || until !== undefined);
    const moved = await Promise.all(waiting.map(({ _id, needId }) => this.moveTo(entity, { fileId: _id, from: needId })));
    const taken = moved.filter((file) => file !== null);
    const unknown = taken.length === waiting.length ? [] : await this.elsewhere(fileIds, entity);
    if (unknown.length === 0) return { taken, unknown };
    await this.giveBack(taken, entity);
    return { taken: [], unknown };
  }

  /** Null when somebody else moved it first. */
  private async moveTo(entity: string, file: TakenFile): Promise<TakenFile | null> {
    const at = { _id: file.fileId, needId: file.from, until: { $exists: true } };
    const { matchedCount } = await this.files.updateOne(at, { $set: { needId: entity }, $unset: { until: 1 } });
    return matchedCount === 1 ? file : null;
  }

  private async elsewhere(fileIds: readonly string[], entity: string): Promise<readonly string[]> {
    const there = await this.files
      .find({ _id: { $in: [...fileIds] }, needId: entity })
      .project<Pick<FileDoc, '_id'>>({ _id: 1 })
      .toArray();
    return fileIds.filter((fileId) => !there.some(({ _id }) => _id === fileId));
  }

  /** What a refused command had taken waits again. */
  async giveBack(taken: readonly TakenFile[], entity: string): Promise<void> {
    await Promise.all(taken.map(({ fileId, from }) => this.files.updateOne({ _id: fileId, needId: entity }, { $set: { needId: from, ...waits() } })));
  }

  private async kept(there: FileFacts): Promise<FileFacts> {
    await this.files.updateOne({ _id: there.fileId }, { $unset: { until: 1 } });
    return there;
  }

  /** The id is that of what was sent, whatever is kept of it: sent again, also when pictures are made smaller in another way by then, it is the same file. */
  private async named(content: Buffer, { by }: Pick<Added, 'by'>, place: string): Promise<Named> {
    const key = await this.keys.of(by);
    return { fileId: fileIdOf(key, place, content), key, content };
  }

  private async isFull(entity: string, max: number): Promise<boolean> {
    return (await this.files.countDocuments({ needId: entity }, { limit: max })) >= max;
  }

  /** Of two at once the first is kept. */
  private async insert(
    { fileId, key, content }: Named,
    { entity, mediaType, by, at }: Added,
    until: Pick<FileDoc, 'until'> = {},
  ): Promise<FileFacts> {
    const kept = (await this.shrink(content, mediaType)) ?? content;
    const { sealed } = sealFile(key, fileId, kept);
    const facts = { mediaType, bytes: kept.length, by, at };
    await insertNew(this.files, [{ _id: fileId, needId: entity, ...facts, ...until, keyId: key.keyId, sealed: new Binary(sealed) }]);
    return (await this.find(entity, fileId)) ?? { fileId, entity, ...facts };
  }

  /** Oldest first; not those that wait to be named. */
  async list(entity: string): Promise<FileFacts[]> {
    const found = await this.files
      .find({ needId: entity, until: { $exists: false } })
      .project<Facts>(FACTS)
      .sort({ at: 1, _id: 1 })
      .toArray();
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

const waits = (): Required<Pick<FileDoc, 'until'>> => ({ until: new Date(Date.now() + UPLOAD_KEPT_MS) });

type Facts = Omit<FileDoc, 'keyId' | 'sealed' | 'until'>;
const FACTS = { sealed: 0, keyId: 0, until: 0 } as const;
const factsOf = ({ _id, needId, ...facts }: Facts): FileFacts => ({ fileId: _id, entity: needId, ...facts });
