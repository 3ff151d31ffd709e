import type { DirectoryStore, PreferenceStore, TableStore } from '@qiyue/edge';
import { compileTable } from '@qiyue/calendar';
import type { RecordBody } from '@qiyue/engine';
import type { NoticeDependencies, OutwardChannel } from '@qiyue/notices';
import { Policies } from './tables';

export interface NoticeDependencyPorts {
  readonly tables: Pick<TableStore, 'current' | 'find'>;
  readonly directory: Pick<DirectoryStore, 'read'>;
  readonly preferences: Pick<PreferenceStore, 'all'>;
  readonly channels: ReadonlySet<OutwardChannel>;
  readonly digestMs: number;
  /** Where links lead; left out: to the path alone. */
  readonly publicUrl?: string | undefined;
}

/** `policy`: the version that the entity's deadline runs on; null: none runs. */
export type NoticeDependenciesOf = (record: RecordBody, policy: string | null) => Promise<NoticeDependencies>;

/** What notices follow from, read anew for each batch of events. */
export class NoticeDependencyReader {
  private readonly policies: Policies;

  constructor(private readonly ports: NoticeDependencyPorts) {
    this.policies = new Policies(ports.tables);
  }

  async read(): Promise<NoticeDependenciesOf> {
    const common = await this.common();
    return async (record, running) => {
      const version = versionOf(record, running);
      const policy = (version === null ? null : await this.policies.of(version)) ?? common.policy;
      return { ...common, policy };
    };
  }

  /** Under the policy that new entities get. */
  async common(): Promise<NoticeDependencies> {
    const { tables, channels, digestMs, publicUrl } = this.ports;
    const { documents } = await tables.current();
    const [directory, preferences] = [await this.ports.directory.read(), await this.ports.preferences.all()];
    return {
      policy: documents.policy,
      calendar: compileTable(documents.calendar),
      directory,
      preferences,
      channels,
      digestMs,
      ...(publicUrl === undefined ? {} : { publicUrl }),
    };
  }
}

/** The policy that the event itself names, else the one that the deadline runs on. */
const versionOf = ({ data }: RecordBody, running: string | null): string | null => {
  const named = 'policy' in data ? data.policy : null;
  return typeof named === 'string' ? named : running;
};
