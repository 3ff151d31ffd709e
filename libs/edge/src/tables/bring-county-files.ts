import { canonicalJson } from '@qiyue/engine';
import type { Logger } from '@qiyue/platform';
import type { CountyFiles } from './county-files';
import type { RetimeRuns } from './retime-runs';
import type { TableDocuments, TableKind, TableStore } from './table-store';

export interface Bringing {
  readonly store: TableStore;
  readonly runs: Pick<RetimeRuns, 'start'>;
  readonly log: Pick<Logger, 'error'>;
  /** ISO 8601 with +08:00. */
  readonly now: () => string;
}

/**
 * Imports the files that a process was started with, if their versions are new: a file that stayed behind must not take the
 * place of what was imported since. The open entities follow, also after an import whose re-timing could not be begun then.
 * Throws when a server is away; done twice, it changes nothing.
 */
export const bringCountyFiles = async (files: CountyFiles, bringing: Bringing): Promise<void> => {
  const { store, runs } = bringing;
  if (files.calendar !== null) await bring('calendar', files.calendar, bringing);
  if (files.policy !== null) await bring('policy', files.policy, bringing);
  const serial = await store.awaitsRetiming();
  if (serial !== null) await runs.start({ serial, importedAt: new Date().toISOString() });
};

const bring = async <K extends TableKind>(kind: K, document: TableDocuments[K], { store, log, now }: Bringing): Promise<void> => {
  const known = await store.find(kind, document.version);
  const { version } = document;
  if (known !== null && canonicalJson(known) !== canonicalJson(document))
    log.error({ kind, version }, 'the file has another content than its version');
  if (known !== null) return;
  const imported = await store.import({ kind, document, at: now(), by: 'start' });
  if (!imported.ok && imported.why === 'not-yet')
    log.error({ kind, version }, 'the file takes effect on a later day: start again then, or import it');
};
