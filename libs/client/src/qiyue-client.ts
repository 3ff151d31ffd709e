import type { Do, PublicNeedCommandType } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import type {
  CommandResult,
  CommandStatus,
  FeedEvent,
  History,
  InboxEntry,
  InboxFilters,
  InboxPage,
  NeedFilters,
  NeedPage,
  NoticeFilters,
  NoticePage,
  NoticeRow,
  StageCounts,
} from './answers';
import { eventFeed, type FeedOptions } from './event-feed';
import { problemOf, ProblemError } from './problem-error';

export interface ClientOptions {
  /** `http://127.0.0.1:8080`, without a path. */
  readonly baseUrl: string;
  /** A bearer token, or what gives one for each request (so that it can be renewed). */
  readonly token: string | (() => string | Promise<string>);
  readonly language?: 'zh-CN' | 'en';
  /** How long one request may take, ms. A command may take the server ten seconds by itself. */
  readonly timeoutMs?: number;
}

export interface CommandOptions {
  /** The command's id: the same key gives the same answer for ever. */
  readonly key?: string;
}

type Verb = Exclude<PublicNeedCommandType, 'submit'>;

const TIMEOUT_MS = 30_000;

/** The HTTP interface of Qiyue, typed. Throws `ProblemError` for every answer that is a problem document. */
export class QiyueClient {
  private readonly baseUrl: string;

  constructor(private readonly options: ClientOptions) {
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
  }

  submit(body: Do<'submit'>['data'], options: CommandOptions = {}): Promise<CommandResult> {
    return this.post('/v1/needs', body, options);
  }

  command<T extends Verb>(needId: string, verb: T, body: Do<T>['data'], options: CommandOptions = {}): Promise<CommandResult> {
    return this.post(`/v1/needs/${encodeURIComponent(needId)}/${verb}`, body, options);
  }

  /** With `minSeq`: waits up to 5 s until the read model has seen it. */
  need(needId: string, { minSeq }: { readonly minSeq?: number } = {}): Promise<NeedView> {
    return this.get(`/v1/needs/${encodeURIComponent(needId)}`, { minSeq });
  }

  needs(filters: NeedFilters = {}): Promise<NeedPage> {
    return this.get('/v1/needs', { ...filters });
  }

  history(needId: string): Promise<History> {
    return this.get(`/v1/needs/${encodeURIComponent(needId)}/history`);
  }

  /** The need as it was, at a seq or a time (ISO 8601 with offset). */
  at(needId: string, moment: { readonly seq: number } | { readonly time: string }): Promise<NeedView> {
    return this.get(`/v1/needs/${encodeURIComponent(needId)}/at`, { ...moment });
  }

  /** A new entity of any kind, by the path of its routes: `needs`. */
  start(path: string, body: object, options: CommandOptions = {}): Promise<CommandResult> {
    return this.post(`/v1/${path}`, body, options);
  }

  commandOn(path: string, entity: string, verb: string, body: object, options: CommandOptions = {}): Promise<CommandResult> {
    return this.post(`/v1/${path}/${encodeURIComponent(entity)}/${verb}`, body, options);
  }

  entity(path: string, entity: string): Promise<object> {
    return this.get(`/v1/${path}/${encodeURIComponent(entity)}`);
  }

  historyOf(path: string, entity: string): Promise<History> {
    return this.get(`/v1/${path}/${encodeURIComponent(entity)}/history`);
  }

  entityAt(path: string, entity: string, moment: { readonly seq: number } | { readonly time: string }): Promise<object> {
    return this.get(`/v1/${path}/${encodeURIComponent(entity)}/at`, { ...moment });
  }

  commandStatus(commandId: string): Promise<CommandStatus> {
    return this.get(`/v1/commands/${encodeURIComponent(commandId)}`);
  }

  /** A question beside lists and documents, by its path: `stats/budgets`. */
  ask<A extends object>(path: string, query: Readonly<Record<string, string | number | boolean | undefined>> = {}): Promise<A> {
    return this.get(`/v1/${path}`, query);
  }

  stageCounts(): Promise<StageCounts> {
    return this.get('/v1/stats/stages');
  }

  /** What the token's holder was told, newest first. */
  inbox(filters: InboxFilters = {}): Promise<InboxPage> {
    return this.get('/v1/inbox', { ...filters });
  }

  /** For this reader only; the entry as it then is. */
  markNotice(noticeId: string, as: 'read' | 'unread' | 'archive'): Promise<InboxEntry> {
    return this.send('POST', `/v1/inbox/${encodeURIComponent(noticeId)}/${as}`, {});
  }

  /** How far notices to the outside have come, newest first; for operator and supervisor. */
  notices(filters: NoticeFilters = {}): Promise<NoticePage> {
    return this.get('/v1/notices', { ...filters });
  }

  /** Lets one that hangs or was refused be sent once more; for the operator. */
  retryNotice(noticeId: string): Promise<NoticeRow> {
    return this.send('POST', `/v1/notices/${encodeURIComponent(noticeId)}/retry`, {});
  }

  /** Whom notices reach outside of the inbox, replaced as a whole; for the operator. */
  replaceDirectory(directory: object): Promise<{ readonly persons: number; readonly robots: number }> {
    return this.send('PUT', '/v1/directory', directory);
  }

  /** Every event behind a position, then those to come; goes on by itself after a cut connection. */
  events(options: FeedOptions = {}): AsyncGenerator<FeedEvent, void, undefined> {
    return eventFeed(async (headers, signal) => this.fetch('/v1/events', { headers, ...(signal ? { signal } : {}) }), options);
  }

  private get<T>(path: string, query: Readonly<Record<string, string | number | boolean | undefined>> = {}): Promise<T> {
    const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]));
    return this.json(given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`, {});
  }

  private post(path: string, body: object, { key }: CommandOptions): Promise<CommandResult> {
    return this.send('POST', path, body, key === undefined ? {} : { 'idempotency-key': key });
  }

  private send<T>(method: 'POST' | 'PUT', path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.json(path, { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  }

  private async json<T>(path: string, init: RequestInit): Promise<T> {
    const response = await this.fetch(path, { ...init, signal: AbortSignal.timeout(this.options.timeoutMs ?? TIMEOUT_MS) });
    const text = await response.text();
    if (!response.ok) throw new ProblemError(problemOf(response.status, text));
    return JSON.parse(text) as T;
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const { token, language } = this.options;
    const bearer = typeof token === 'string' ? token : await token();
    const headers = {
      authorization: `Bearer ${bearer}`,
      'accept-language': language ?? 'zh-CN',
      ...(init.headers as Record<string, string> | undefined),
    };
    return fetch(`${this.baseUrl}${path}`, { ...init, headers });
  }
}
