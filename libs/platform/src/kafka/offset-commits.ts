export interface PartitionOffset {
  readonly topic: string;
  readonly partition: number;
  /** Of the next message to read. */
  readonly offset: string;
}

const COMMIT_EVERY_MS = 1_000;
const LAST_COMMIT_WITHIN_MS = 2_000;

/**
 * Commits what has been handled beside the handling, once a second. What is lost when a commit fails is only
 * read again: handlers must be able to take a message twice in any case.
 */
export class OffsetCommits {
  private handled = new Map<string, PartitionOffset>();
  private timer: NodeJS.Timeout | null = null;
  private line: Promise<void> = Promise.resolve();

  constructor(
    private readonly commit: (offsets: PartitionOffset[]) => Promise<void>,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  note(offset: PartitionOffset): void {
    this.handled.set(`${offset.topic}:${offset.partition}`, offset);
    this.timer ??= setTimeout(() => this.flush(), COMMIT_EVERY_MS);
  }

  /** After the group was joined anew: what was handled as a member before is no longer ours to commit. */
  forget(): void {
    this.handled.clear();
  }

  /** Commits what is left, unless the broker takes too long. */
  async close(): Promise<void> {
    this.flush();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.line, new Promise((resolve) => (timer = setTimeout(resolve, LAST_COMMIT_WITHIN_MS)))]);
    clearTimeout(timer);
  }

  private flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.line = this.line
      .then(async () => {
        const offsets = [...this.handled.values()];
        this.handled.clear();
        if (offsets.length > 0) await this.commit(offsets);
      })
      .catch(this.onTrouble);
  }
}
