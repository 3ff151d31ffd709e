import { randomBytes } from 'node:crypto';
import { InboxStore, NoticeStore } from '@qiyue/edge';
import { openMongo } from '@qiyue/platform';
import type { InboxNotice, OutwardNotice } from '@qiyue/notices';
import { serversFromEnv, type Answer, type Sending } from '@qiyue/testkit';
import { startApi, type RunningApi } from '../start-api';
import { quiet, request, settingsFor } from './api-bench';
import { TestTokens, type Who } from './test-tokens';

/** An API over a database of its own, into which notices come as the notifications process writes them. */
export class InboxBench {
  readonly inbox: InboxStore;
  readonly notices: NoticeStore;

  private constructor(
    readonly mongo: ReturnType<typeof openMongo>,
    private readonly tokens: TestTokens,
    private readonly api: RunningApi,
  ) {
    this.inbox = new InboxStore(mongo.db);
    this.notices = new NoticeStore(mongo.db);
  }

  static async create(): Promise<InboxBench> {
    const database = `inbox_${randomBytes(6).toString('hex')}`;
    const mongo = openMongo({ QIYUE_MONGODB_URI: serversFromEnv().mongodb, QIYUE_MONGODB_DATABASE: database });
    const tokens = await TestTokens.create();
    const bench = new InboxBench(mongo, tokens, await startApi(settingsFor(tokens, database), quiet));
    await bench.inbox.ensureIndexes();
    await bench.notices.ensureIndexes();
    return bench;
  }

  send(method: string, path: string, as: Who, sending: Sending = {}): Promise<Answer> {
    return request(`http://127.0.0.1:${this.api.port}`, this.tokens, method, path, { as, ...sending });
  }

  async close(): Promise<void> {
    await this.api.stop();
    await this.mongo.db.dropDatabase();
    await this.mongo.client.close();
    await this.tokens.remove();
  }
}

export const minute = (n: number): string => `2025-03-12T12:${String(n).padStart(2, '0')}:00.000+08:00`;

/** The `n`th notice to a post, at its minute. */
export const toldTo = (role: string, unit: string | null, n: number): InboxNotice => ({
  ...{ key: `need:${n}:post/${role}/${unit ?? '*'}:inbox`, entity: 'need', seq: n, type: 'NeedClaimed', urgent: false, at: minute(n) },
  recipient: { kind: 'post', role, unit },
  words: { 'zh-CN': { subject: `标题${n}`, text: `正文${n}` }, en: { subject: `Title ${n}`, text: `Text ${n}` } },
});

export const mailed = (n: number, changes: Partial<OutwardNotice> = {}): OutwardNotice => ({
  ...{
    key: `need:${n}:post/department/住建局:email:0`,
    entity: n < 3 ? 'need-a' : 'need-b',
    seq: n,
    type: 'NeedClaimed',
    channel: 'email',
    to: 'hu',
  },
  ...{ recipient: { kind: 'post', role: 'department', unit: '住建局' }, language: 'zh-CN', urgent: false, at: minute(n), sendAt: minute(n) },
  ...{ subject: 'SUBJECT', text: 'TEXT' },
  ...changes,
});
