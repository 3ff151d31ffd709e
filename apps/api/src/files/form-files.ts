import type { AnyAggregate } from '@qiyue/aggregate';
import { aboutEntity, type Journal } from '@qiyue/audit';
import { filePathsOf, filesNamedIn, fileUrnOf } from '@qiyue/civic-contracts';
import { entityOf, type CommandRequest, type FileFacts, type FileStore } from '@qiyue/edge';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { Clock } from '@qiyue/platform';
import type { EntityQueries } from '../entities/entity-queries';
import type { EntityReader } from '../entities/entity-reader';
import type { SentFile, SentForm } from '../http/form-body';
import { Problem } from '../http/problem';
import { unlessAway } from '../http/unless-away';
import { receivedFileOf } from './received-files';

export interface FormFilesPorts {
  readonly queries: Pick<EntityQueries, 'standing'>;
  readonly reader: Pick<EntityReader, 'mayAttach'>;
  readonly files: Pick<FileStore, 'addWaiting'>;
  readonly journal: Pick<Journal, 'record'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}
type Asked = Pick<CommandRequest, 'commandId' | 'type' | 'entity' | 'actor'>;

/** The body with the addresses of the files that came with it. */
export interface WithFiles {
  readonly body: unknown;
  /** To be called once the command is taken: that its files were attached goes on record. */
  readonly tell: () => Promise<void>;
}

/**
 * What comes in one form with a command lies at the command's entity before it is given: the id of a new one is known by the command's own. So the same form with the same
 * key names the same files. They go by themselves unless the command is taken.
 */
export class FormFiles {
  constructor(
    private readonly aggregate: AnyAggregate,
    private readonly ports: FormFilesPorts,
  ) {}

  /** Nothing is kept of a form whose body does not fit, or whose sender may not give the command. */
  async attach(form: SentForm, asked: Asked): Promise<WithFiles> {
    this.check(form, asked);
    const entity = entityOf({ ...asked, body: form.body }, this.aggregate);
    if (!(await this.mayAttach(asked))) throw Problem.refused({ code: 'not-permitted' }, { commandId: asked.commandId }, this.aggregate.refusals);
    const received = await Promise.all(form.files.map(({ content }) => receivedFileOf(content)));
    const at = toShanghaiIso(this.ports.clock.nowMs());
    const kept: FileFacts[] = [];
    for (const { content, mediaType } of received) {
      const file = await unlessAway(this.ports.files.addWaiting(content, { entity, mediaType, by: asked.actor.id, at }));
      if (file === null) throw Problem.edge('too-many-files');
      kept.push(file);
    }
    const body = this.filled(
      form,
      asked.type,
      kept.map(({ fileId }) => fileId),
    );
    return { body, tell: () => this.tell(kept, asked.actor) };
  }

  /** As if the files were there already. */
  private check(form: SentForm, asked: Asked): void {
    const { schema } = this.definitionOf(asked.type);
    const fileIds = form.files.map((_, i) => i.toString(16).padStart(64, '0'));
    const parsed = schema.safeParse(this.filled(form, asked.type, fileIds));
    if (!parsed.success) throw Problem.invalid(parsed.error);
    const named = new Set(filesNamedIn(schema, parsed.data).map(({ fileId }) => fileId));
    if (!fileIds.every((fileId) => named.has(fileId))) throw Problem.edge('bad-form');
  }

  private filled({ body, files }: SentForm, type: string, fileIds: readonly string[]): unknown {
    const paths = new Set(filePathsOf(this.definitionOf(type).schema));
    return files.reduce((filled, file, i) => withFile(filled, file, fileUrnOf(fileIds[i] ?? ''), paths), body);
  }

  private async mayAttach({ type, entity, actor }: Asked): Promise<boolean> {
    if (entity === null) return Object.hasOwn(this.aggregate.access.commands[type] ?? {}, actor.role);
    return this.ports.reader.mayAttach(entity, await this.ports.queries.standing(entity), actor);
  }

  private async tell(kept: readonly FileFacts[], actor: Actor): Promise<void> {
    for (const { entity, fileId, mediaType, bytes } of kept) {
      const data = { ...aboutEntity(this.aggregate.idName, entity), fileId, mediaType, bytes };
      await this.ports.journal.record(actor, { type: 'FileAttached', data });
    }
  }

  private definitionOf(type: string): AnyAggregate['commands'][string] {
    const definition = this.aggregate.commands[type];
    if (definition === undefined) throw new Error(`there is no command ${type}`);
    return definition;
  }
}

/** `photos` goes to the end of that list, `evidence[0].url` to its very place. Throws `bad-form` for a field that names no files, and for one that has a value already. */
const withFile = (body: unknown, { field }: SentFile, url: string, paths: ReadonlySet<string>): unknown => {
  if (paths.has(`${field}[]`)) return put(body, field.split('.'), (list) => appended(list, url));
  if (!paths.has(field.replace(/\[\d+\]/g, '[]'))) throw Problem.edge('bad-form');
  return put(body, field.replace(/\[(\d+)\]/g, '.$1').split('.'), (before) => alone(before, url));
};

const alone = (before: unknown, url: string): string => {
  if (before !== undefined) throw Problem.edge('bad-form');
  return url;
};

/** The same file twice is named once. */
const appended = (list: unknown, url: string): unknown => {
  if (list === undefined) return [url];
  return !Array.isArray(list) || list.includes(url) ? list : [...(list as readonly unknown[]), url];
};

/** Only at what is there: the schema tells what is missing on the way. */
const put = (value: unknown, [step, ...rest]: readonly string[], change: (before: unknown) => unknown): unknown => {
  if (step === undefined) return change(value);
  if (Array.isArray(value)) return value.map((one: unknown, i) => (String(i) === step ? put(one, rest, change) : one));
  if (typeof value !== 'object' || value === null) return value;
  return { ...value, [step]: put((value as Readonly<Record<string, unknown>>)[step], rest, change) };
};
