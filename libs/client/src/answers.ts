import type { components, paths } from './schema';

/** Every schema of the HTTP interface by its name. */
export type Schemas = components['schemas'];

/** Where a need stands after an accepted command. */
export type NeedStanding = Schemas['NeedStanding'];
/** 202: taken, its outcome not known yet; ask with `commandStatus`. */
export type PendingCommand = Schemas['PendingCommand'];
export type CommandResult = NeedStanding | PendingCommand;
export const isPending = (result: CommandResult): result is PendingCommand => !('seq' in result);
export type CommandStatus = Schemas['CommandState'];

export type NeedView = Schemas['NeedView'];
export type NeedPage = Schemas['NeedPage'];
export type History = Schemas['NeedHistory'];
export type HistoryEvent = History['events'][number];
export type InboxEntry = Schemas['InboxEntry'];
export type InboxPage = Schemas['InboxPage'];
export type NoticeRow = Schemas['NoticeRow'];
export type NoticePage = Schemas['NoticePage'];
export type StageCounts = Schemas['StatsStagesAnswer'];
export type Lists = Schemas['ListsAnswer'];
export type Scoreboard = Schemas['StatsScoreboardAnswer'];

/** An event of the feed: CloudEvents 1.0. `position` is the stream's `id`. */
export type FeedEvent = Schemas['FeedEvent'];

/** Parameters of a query, all of them. */
export type QueryOf<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never;
export type NeedFilters = QueryOf<'/v1/needs'>;
export type InboxFilters = QueryOf<'/v1/inbox'>;
export type NoticeFilters = QueryOf<'/v1/notices'>;

/** What is sent is not changed. */
export type Sent<T> = T extends object ? { readonly [K in keyof T]: Sent<T[K]> } : T;
type BodyIn<T> = T extends { post: { requestBody: { content: { 'application/json': infer B } } } } ? Sent<B> : never;
type NeedCommandPath = Extract<keyof paths, `/v1/needs/{needId}/${string}`>;
type VerbIn<P> = P extends `/v1/needs/{needId}/${infer V}` ? ([BodyIn<paths[P & keyof paths]>] extends [never] ? never : V) : never;
/** Commands that a need takes once it is there. */
export type NeedVerb = VerbIn<NeedCommandPath>;
export type NeedBody<V extends NeedVerb> = BodyIn<paths[`/v1/needs/{needId}/${V}` & keyof paths]>;
