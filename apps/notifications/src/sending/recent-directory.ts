import type { DirectoryStore, NoticeDoc } from '@qiyue/edge';
import type { Directory } from '@qiyue/notices';
import type { RobotAddress } from '../channels';

const FRESH_MS = 2_000;

/** The directory, at most two seconds old: addresses are looked up when a message leaves. */
export class RecentDirectory {
  private held: { readonly directory: Promise<Directory>; readonly untilMs: number } | null = null;

  constructor(private readonly store: Pick<DirectoryStore, 'read'>) {}

  async robotOf(id: string): Promise<RobotAddress | null> {
    return (await this.read()).robots.find((robot) => robot.id === id) ?? null;
  }

  /** Where a notice goes to: an e-mail address, a number or a robot's id; null when the directory has it no longer. */
  async addressOf({ channel, to }: Pick<NoticeDoc, 'channel' | 'to'>): Promise<string | null> {
    if (channel !== 'email' && channel !== 'sms') return to;
    const person = (await this.read()).persons.find(({ id }) => id === to);
    return (channel === 'email' ? person?.email : person?.phone) ?? null;
  }

  private read(): Promise<Directory> {
    const nowMs = Date.now();
    if (this.held !== null && this.held.untilMs > nowMs) return this.held.directory;
    const directory = this.store.read();
    this.held = { directory, untilMs: nowMs + FRESH_MS };
    directory.catch(() => (this.held = null)); // a failure is not kept
    return directory;
  }
}
