import { compileTable, CHINA_2024_2026, type CalendarTable } from '@qiyue/calendar';
import type { Tables } from '@qiyue/engine';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import type { Logger } from '@qiyue/platform';
import type { CountyFiles } from './county-files';
import type { Current, TableStore } from './table-store';

const REFRESH_MS = 5_000;
const RETRY_MS = 500;
const NO_FILES: CountyFiles = { calendar: null, policy: null };

export interface CurrentTablesOptions {
  /** The county's own files that this process was started with. */
  readonly files?: CountyFiles;
  /** Brings those files to the store; tried until it succeeds. */
  readonly bring?: () => Promise<void>;
  /** Told of the first that are read, and of every change. */
  readonly onChange?: (current: Current) => void;
  /** Entities were born under tables that are not the current ones: they have to be brought to them. */
  readonly onLent?: (current: Current) => Promise<void>;
}

/**
 * The current calendar and policy as a process holds them, at most about five seconds old.
 *
 * A process that has never been able to read them, because MongoDB is away, lends out the county's files, else the built-in
 * ones: a need must be taken. Once the store answers, entities that were born under other versions are moved, with an event each.
 */
export class CurrentTables {
  private current: Current | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private hasLent = false;
  private readonly lent: { readonly calendar: string; readonly policy: string; readonly tables: Current['tables'] };

  constructor(
    private readonly store: Pick<TableStore, 'current'>,
    private readonly log: Logger,
    private readonly options: CurrentTablesOptions = {},
  ) {
    const { calendar, policy } = options.files ?? NO_FILES;
    const [days, rules] = [calendar ?? CHINA_2024_2026, policy ?? DEFAULT_POLICY_DOCUMENT];
    this.lent = { calendar: days.version, policy: rules.version, tables: { calendar: compileTable(days), policy: compilePolicy(rules) } };
  }

  /** Reads for the first time, and goes on by itself. Resolves when that has succeeded, or after `boundMs`. */
  async start(boundMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.refresh(), new Promise((resolve) => (timer = setTimeout(resolve, boundMs)))]);
    clearTimeout(timer);
  }

  /** A read that is under way ends with its connection. */
  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Null until they have been read once. */
  get(): Current | null {
    return this.current;
  }

  tables(): Tables {
    if (this.current !== null) return { ...this.current.tables };
    this.hasLent = true;
    return { ...this.lent.tables };
  }

  /** For questions, which start nothing that would have to be moved. */
  calendar(): CalendarTable {
    return (this.current ?? this.lent).tables.calendar;
  }

  private async refresh(): Promise<void> {
    try {
      await this.read();
    } catch (error) {
      if (!this.stopped) this.log.warn({ err: error instanceof Error ? error.name : typeof error }, 'calendar and policy cannot be read');
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.refresh(), this.current === null ? RETRY_MS : REFRESH_MS);
  }

  private async read(): Promise<void> {
    if (this.current === null) await this.options.bring?.();
    const read = await this.store.current();
    if (this.hasLent && this.isOther(read)) await this.options.onLent?.(read);
    this.hasLent = false;
    const isChange = read.serial !== this.current?.serial;
    this.current = read;
    if (isChange) this.options.onChange?.(read);
  }

  private isOther({ documents }: Current): boolean {
    return documents.calendar.version !== this.lent.calendar || documents.policy.version !== this.lent.policy;
  }
}
