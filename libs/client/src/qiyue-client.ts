import createClient, { type Client } from 'openapi-fetch';
import type {
  CommandResult,
  CommandStatus,
  FeedEvent,
  History,
  InboxEntry,
  InboxFilters,
  InboxPage,
  Lists,
  NeedBody,
  NeedFilters,
  NeedPage,
  NeedVerb,
  NeedView,
  NoticeFilters,
  NoticePage,
  NoticeRow,
  QueryOf,
  Schemas,
  Scoreboard,
  Sent,
  StageCounts,
} from './answers';
import { eventFeed, type FeedOptions } from './event-feed';
import { problemOf, ProblemError } from './problem-error';
import type { paths } from './schema';

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
  /** Files that go with the command in one request, by the field that names them: `{ photos: [bytes] }`. */
  readonly files?: SentFiles;
}
export type SentFiles = Readonly<Record<string, readonly Uint8Array[]>>;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
/** Filters of a question; undefined ones are left out. */
export type AskedFor = Readonly<Record<string, string | number | boolean | undefined>>;
type Moment = { readonly seq: number } | { readonly time: string };

const TIMEOUT_MS = 30_000;

/**
 * The HTTP interface of Qiyue, typed. Throws `ProblemError` for every answer that is a problem document. `api` has every call by its path, as
 * `/openapi.json` has it; the methods are those that most programs need.
 */
export class QiyueClient {
  /** `client.api.GET('/v1/stats/timeliness', { params: { query: { by: 'unit' } } })`; `data` of the answer is typed, and there unless it throws. */
  readonly api: Client<paths>;
  readonly baseUrl: string;

  constructor(private readonly options: ClientOptions) {
    const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.api = createClient<paths>({
      baseUrl: this.baseUrl,
      redirect: 'error',
      fetch: (request) => fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]) }),
    });
    this.api.use({
      onRequest: async ({ request }) => {
        for (const [name, value] of Object.entries(await this.headers())) request.headers.set(name, value);
        return request;
      },
      onResponse: async ({ response }) => {
        if (!response.ok) throw new ProblemError(problemOf(response.status, await response.text()));
      },
    });
  }

  /** With photos of what it is about: JPEG, PNG, WebP or HEIC, at most 9 of 8 MB. */
  submit(
    body: Sent<Schemas['NeedSubmitBody']>,
    { photos = [], ...options }: CommandOptions & { readonly photos?: readonly Uint8Array[] } = {},
  ): Promise<CommandResult> {
    return this.start('needs', body, photos.length === 0 ? options : { ...options, files: { ...options.files, photos } });
  }

  /** Sends a file ahead; the command that names its `url` within 24 hours takes it. */
  upload(content: Uint8Array): Promise<Schemas['UploadedFile']> {
    return this.request('POST', '/v1/files', content);
  }

  command<V extends NeedVerb>(needId: string, verb: V, body: NeedBody<V>, options: CommandOptions = {}): Promise<CommandResult> {
    return this.commandOn('needs', needId, verb, body as object, options);
  }

  /** With `minSeq`: waits up to 5 s until the read model has seen it. */
  need(needId: string, query: { readonly minSeq?: number } = {}): Promise<NeedView> {
    return data(this.api.GET('/v1/needs/{needId}', { params: { path: { needId }, query } }));
  }

  needs(query: NeedFilters = {}): Promise<NeedPage> {
    // Tables have other media types, which are not asked for.
    return data(this.api.GET('/v1/needs', { params: { query } })) as Promise<NeedPage>;
  }

  history(needId: string): Promise<History> {
    return data(this.api.GET('/v1/needs/{needId}/history', { params: { path: { needId } } }));
  }

  /** The need as it was, at a seq or a time (ISO 8601 with offset). */
  at(needId: string, query: Moment): Promise<NeedView> {
    return data(this.api.GET('/v1/needs/{needId}/at', { params: { path: { needId }, query } }));
  }

  /** A new entity of any kind, by the path of its routes: `needs`. */
  start(path: string, body: object, options: CommandOptions = {}): Promise<CommandResult> {
    return this.request('POST', `/v1/${path}`, withFiles(body, options), keyOf(options));
  }

  commandOn(path: string, entity: string, verb: string, body: object, options: CommandOptions = {}): Promise<CommandResult> {
    return this.request('POST', `/v1/${path}/${encodeURIComponent(entity)}/${verb}`, withFiles(body, options), keyOf(options));
  }

  entity(path: string, entity: string): Promise<object> {
    return this.request('GET', `/v1/${path}/${encodeURIComponent(entity)}`);
  }

  historyOf(path: string, entity: string): Promise<History> {
    return this.request('GET', `/v1/${path}/${encodeURIComponent(entity)}/history`);
  }

  entityAt(path: string, entity: string, moment: Moment): Promise<object> {
    const query = new URLSearchParams(Object.entries(moment).map(([name, value]): [string, string] => [name, String(value)]));
    return this.request('GET', `/v1/${path}/${encodeURIComponent(entity)}/at?${query.toString()}`);
  }

  /** A question about one entity, by the path of its routes and its name: `askAbout('needs', needId, 'similar')`. */
  askAbout<A extends object>(path: string, entity: string, question: string): Promise<A> {
    return this.request('GET', `/v1/${path}/${encodeURIComponent(entity)}/${question}`);
  }

  commandStatus(commandId: string): Promise<CommandStatus> {
    return data(this.api.GET('/v1/commands/{commandId}', { params: { path: { commandId } } }));
  }

  /** A question beside lists and documents, by its path: `stats/budgets`. */
  ask<A extends object>(path: string, query: AskedFor = {}): Promise<A> {
    return this.request('GET', withQuery(path, query));
  }

  /** The same in another form, by its media type: `text/csv`, `application/pdf`. */
  askAs(path: string, query: AskedFor, type: string): Promise<Uint8Array> {
    return this.bytes('GET', withQuery(path, query), undefined, { accept: type });
  }

  /** The three lists of a community and year: needs, resources, projects (需求、资源、项目清单). */
  lists(query: QueryOf<'/v1/lists'>): Promise<Lists> {
    return this.ask('lists', query);
  }

  /** Units or communities by year: pledges, needs by kind, whistles, contracts, projects, money. */
  scoreboard(query: QueryOf<'/v1/stats/scoreboard'> = {}): Promise<Scoreboard> {
    return this.ask('stats/scoreboard', query);
  }

  stageCounts(): Promise<StageCounts> {
    return data(this.api.GET('/v1/stats/stages'));
  }

  /** What the token's holder was told, newest first. */
  inbox(query: InboxFilters = {}): Promise<InboxPage> {
    return data(this.api.GET('/v1/inbox', { params: { query } }));
  }

  /** For this reader only; the entry as it then is. */
  markNotice(noticeId: string, as: 'read' | 'unread' | 'archive'): Promise<InboxEntry> {
    return data(this.api.POST(`/v1/inbox/{noticeId}/${as}`, { params: { path: { noticeId } } }));
  }

  /** How far notices to the outside have come, newest first; for operator and supervisor. */
  notices(query: NoticeFilters = {}): Promise<NoticePage> {
    return data(this.api.GET('/v1/notices', { params: { query } }));
  }

  /** Lets one that hangs or was refused be sent once more; for the operator. */
  retryNotice(noticeId: string): Promise<NoticeRow> {
    return data(this.api.POST('/v1/notices/{noticeId}/retry', { params: { path: { noticeId } } }));
  }

  /** Whom notices reach outside of the inbox, replaced as a whole; for the operator. */
  replaceDirectory(directory: object): Promise<Schemas['DirectoryCounts']> {
    return this.request('PUT', '/v1/directory', directory);
  }

  /** Every event behind a position, then those to come; goes on by itself after a cut connection. */
  events(options: FeedOptions = {}): AsyncGenerator<FeedEvent, void, undefined> {
    const { after: _, signal: _signal, retryMs: _retryMs, ...filters } = options;
    const query = new URLSearchParams(
      Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]])),
    );
    const url = `${this.baseUrl}/v1/events?${query.toString()}`;
    return eventFeed(
      async (headers, signal) => fetch(url, { headers: { ...(await this.headers()), ...headers }, ...(signal ? { signal } : {}) }),
      options,
    );
  }

  /** Any request by its path with its query; what answers is JSON, or nothing at all. Bytes go as they are. */
  async request<T>(method: Method, path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    const text = new TextDecoder().decode(await this.bytes(method, path, body, headers));
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** The same for what is no JSON. */
  async bytes(method: Method, path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
    const sent =
      body instanceof Uint8Array ? { headers: { 'Content-Type': 'application/octet-stream', ...headers }, bodySerializer: () => body } : { headers };
    const asked = { ...sent, ...(body === undefined ? {} : { body }), parseAs: 'arrayBuffer' };
    const answer = await (this.api as Client<AnyPaths>).request(method.toLowerCase() as 'post', path, asked as never);
    return new Uint8Array((answer.data as ArrayBuffer | undefined) ?? []);
  }

  private async headers(): Promise<Readonly<Record<string, string>>> {
    const { token, language } = this.options;
    return { authorization: `Bearer ${typeof token === 'string' ? token : await token()}`, 'accept-language': language ?? 'zh-CN' };
  }
}

const withQuery = (path: string, query: AskedFor): string => {
  const asked = Object.entries(query).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));
  return `/v1/${path}?${new URLSearchParams(asked).toString()}`;
};

/** Paths that only the caller knows. */
type AnyPaths = Readonly<Record<string, { readonly post: Readonly<Record<string, unknown>> }>>;

/** What is no problem has its content. */
const data = async <T>(call: Promise<{ readonly data?: T }>): Promise<T> => (await call).data as T;

/** A form when files go with it: its part `body` is the command's, the others are named as the fields that they are for. */
const withFiles = (body: object, { files = {} }: CommandOptions): object => {
  const parts = Object.entries(files).flatMap(([field, contents]) => contents.map((content) => ({ field, content })));
  if (parts.length === 0) return body;
  const form = new FormData();
  form.append('body', JSON.stringify(body));
  for (const { field, content } of parts) form.append(field, new Blob([new Uint8Array(content)]), 'file');
  return form;
};

const keyOf = ({ key }: CommandOptions): Readonly<Record<string, string>> => (key === undefined ? {} : { 'Idempotency-Key': key });
