import type { Actor, AnyDecider, CommandShape, Context, Json, Reaction, Refusal, Saga } from '@qiyue/engine';
import type { ActiveKeys, ActiveModel, KeyedModel, ReadModel } from '@qiyue/engine-runtime';
import type { FieldTexts } from '@qiyue/civic-contracts';
import type { Language, PublicRole, RefusalInfos, Role, Texts } from '@qiyue/civic-domain';
import type { Reader, Sight, SightRules } from '@qiyue/civic-views';
import type { NoticeRules, Recipient, Words } from '@qiyue/notices';
import type { z } from 'zod';
import type { CalendarSource } from './calendar-source';
import type { Paper, PaperDocument } from './papers';
import type { Sheet, SheetCell } from './sheets';

/** A command that people and other services send: over HTTP as `POST /v1/<path>/{id}/<type>`, over Kafka as `qiyue.<aggregate>.<type>.v1`. */
export interface CommandDefinition {
  /** Of its body. Strict: an unknown field is refused. */
  readonly schema: z.ZodObject;
  /** What it does, in half a sentence: for the command line's help and, in English, for the API's pages. */
  readonly summary: Texts;
  /** A body that fits. */
  readonly example: object;
  /** It may be accepted without an event: said again, what is so already. Left out: what is accepted has happened. */
  readonly maySayNothing?: true;
  /** Name of a reaction to what comes of it that gives commands to the same entity: an edge gives them at once, and answers behind them. Left out: none. */
  readonly answeredBehind?: string;
  /** Rules version that knows it first; left out: 1. Edges send none before it is active. */
  readonly since?: number;
}

export interface EventDefinition {
  /** Of its data. Open: fields of a later version are dropped. */
  readonly schema: z.ZodObject;
  /** What has happened, in a sentence; left out: the schema's own description. */
  readonly description?: string;
  /** Commands that it comes of, those from our own processes too. */
  readonly by?: readonly string[];
  /** What its form has gained since the first, oldest first; left out: nothing. */
  readonly changes?: readonly string[];
}

/** What every document of an entity has, beside its id, whose name is the aggregate's own. Times are ISO 8601 with +08:00. */
export interface AnyView {
  readonly seq: number;
  readonly hash: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Who may do and see what. Closed by default. */
export interface Access<V> {
  /** Role × command: who may give it, and the name of the rule that says which of those with the role. A role that is not named never may. */
  readonly commands: Readonly<Record<string, Readonly<Partial<Record<Role, string>>>>>;
  /** Rules whose answer never changes for an actor and an entity, so that a ledger that lags behind answers as well as the entity itself. */
  readonly settled: ReadonlySet<string>;
  /** Whether such a rule permits by the command's own words, so that nobody has to be asked. Left out: never. */
  readonly isOwnWord?: (rule: string, data: Readonly<Record<string, unknown>>, actor: Actor) => boolean;
  /** How a reader stands to the entity. */
  relationOf(reader: Reader, view: V): string;
  /** The relation of whoever wrote it: their own looks are not told of. */
  readonly author: string;
  readonly reading: Readonly<Record<PublicRole, SightRules<string>>>;
  /** Role × relation: who may attach a file. Roles that are not named never may. */
  readonly attaching: Readonly<Partial<Record<PublicRole, readonly string[]>>>;
  /**
   * The least sight that shows a field, by its path in the document or in an event's data (`items[].name`); null for one that nobody may see.
   * `within`: the type of the event, or what `withinOf` says of the document.
   */
  leastSightOf(path: string, within: string | null): Sight | null;
  /**
   * What of a document, or of an event's data, a reader is shown whatever their sight, because it is of themselves: fields and values, in the place of what stands
   * there for everybody. Left out: nothing. `within`: the type of the event, or what `withinOf` says.
   */
  readonly ownPartOf?: (reader: Reader, value: object, within: string) => Readonly<Record<string, unknown>>;
  /** What follows from all that a reader was shown of a document, once it is opened: fields and values, in the place of what stands there. Left out: nothing. */
  readonly followsFrom?: (shown: object) => Readonly<Record<string, unknown>>;
  /**
   * Paths `<event type>.<path>` (`VoteCast.owner`, `DecisionOpened.roster[].owner`) that stand in the open in records and are nobody's business who does not see
   * them at the entity: the stream of events leaves them out for those too who act for the whole county. Left out: none.
   */
  readonly secrets?: ReadonlySet<string>;
  /** What of the document decides how near its fields are to a person: a stage, say. */
  withinOf(view: V): string;
  /** The person who wrote it, or the office. */
  authorOf(view: V): { readonly id: string; readonly role: string } | null;
  followersOf(view: V): readonly string[];
  /** Units and communities that it concerns, by name: for subscribers that ask for theirs. */
  unitsOf(view: V): readonly string[];
  communitiesOf(view: V): readonly string[];
  /** When nothing could happen to it any more; null while something can. */
  endedAtOf(view: V): string | null;
}

/** Who asks for a list. */
export interface Asker {
  readonly id: string;
  readonly role: string;
  readonly unit: string | null;
  /** What persons wrote of themselves is not kept from their credential. */
  readonly seesPersonal: boolean;
}

/** Entities that a list's conditions need to know of: what somebody began, and what is followed since by whoever began that. */
export interface Begun {
  readonly ids: readonly string[];
  readonly followed: readonly string[];
}

/** What a list is ordered by beside `new`: a path in the read model's documents that always holds a text. */
export interface ListOrder {
  readonly by: string;
  readonly summary: string;
}

/** A column of a list as a table. */
export interface ListColumn {
  readonly heading: string;
  /** See `SheetColumn`. */
  readonly width: number;
  /** One of the few that a line on a terminal shows. */
  readonly isBrief?: true;
  of(item: Readonly<Record<string, unknown>>): SheetCell;
}

/** Texts that are sealed one by one: no index holds them, so entities are opened, the newest ones only, for those who may see them. */
export interface SealedTexts {
  /** Of the document, at its top: `q` searches in all of them. */
  readonly fields: readonly string[];
  /** Those of them that are filters too. They are named so, and a list that was asked by one shows it. */
  readonly filters: readonly string[];
  /** MongoDB's conditions on those that the asker may be shown it of; null: of none. */
  among(asker: Asker, begun: Begun): object | null;
}

/** How entities are listed: `GET /v1/<path>`, newest first unless another order is asked for. */
export interface Listing<V> {
  /** Filters beside `limit`, `cursor`, `sort` and `q`, as the query string has them. */
  readonly filters: z.ZodRawShape;
  /** MongoDB's conditions on `view.<field>` and `keys.<field>` for the filters that were asked for. `now`: ISO 8601 with +08:00. */
  conditionsOf(query: Readonly<Record<string, unknown>>, now: string): readonly object[];
  /** The same for filters that mean something else to each asker. Left out: there are none. */
  askersConditionsOf?(query: Readonly<Record<string, unknown>>, asker: Asker, begun: Begun): readonly object[];
  /** Whose entities the conditions need to know of: the id of whoever began them. Left out, or null: nobody's. */
  begunBy?(query: Readonly<Record<string, unknown>>, asker: Asker): string | null;
  /** Where an entity names another one that whoever began it follows since, by its path: `view.mergedInto`. Left out: none does. */
  readonly followedBy?: string;
  /** Orders beside `new`, by name. */
  readonly orders?: Readonly<Record<string, ListOrder>>;
  /** Texts that `q` searches in. */
  textsOf(view: V): readonly (string | null)[];
  /** Its model keeps `searchKeysOf` these texts in `keys`. Left out: the newest entities are looked at one by one. */
  readonly isIndexed?: true;
  /** Its model keeps in `keys.number` what people call an entity by, and in `keys.code` that without its day: they are found by it at `GET /v1/<path>/by-number/{number}`. */
  readonly isNumbered?: true;
  /** Left out: none. */
  readonly sealed?: SealedTexts;
  /** As a table; left out: each field of an item is a column. */
  readonly columns?: (language: Language) => readonly ListColumn[];
  /** What of a document no list shows, as a projection of MongoDB. */
  readonly without?: Readonly<Record<string, 0>>;
  itemOf(view: V, now: string): object;
  readonly item: z.ZodObject;
}

/** A question of the aggregate's own beside list, document and history. */
export interface AggregateQuery<Q = never, A = unknown> {
  /** Behind `/v1/`. */
  readonly path: string;
  readonly summary: string;
  /** What people call it, where they choose among several; left out: by its summary. */
  readonly title?: Texts;
  readonly description?: string;
  readonly parameters: z.ZodType<Q>;
  readonly answer: z.ZodType<A>;
  /** Other forms of the answer, by media type. The first is given where `Accept` names none, unless there is JSON. */
  readonly forms?: Readonly<Record<string, (answer: A, query: Q, language: Language) => string>>;
  /** Given in its one form only. */
  readonly isNoJson?: true;
  /** The answer as tables of a workbook; left out: it is given as none. Pure, as `paper` is. */
  readonly sheets?: (answer: A, language: Language) => readonly Sheet[];
  /** The answer as it is printed; left out: it is not. */
  readonly paper?: (answer: A, language: Language) => PaperDocument;
  /** What it is called on the command line, beside the verbs of the first kind; left out: it has no command. */
  readonly verb?: string;
  /** It looks at as many entities as there are: few run at once. */
  readonly looksAtAll?: true;
  /** Who may ask; left out: everybody. */
  readonly roles?: readonly PublicRole[];
  /** Whether this one of them may ask that; left out: whatever they like. */
  readonly mayAsk?: (query: Q, ports: AskedPorts) => boolean | Promise<boolean>;
  /** It goes on record who took it away. */
  readonly exported?: (query: Q) => { readonly what: string; readonly subject: string | null };
  read(query: Q, ports: AskedPorts): Promise<A>;
}

/** What a question beside one entity is answered from. */
export interface AskedPorts extends QueryPorts {
  readonly reader: Pick<Actor, 'role' | 'unit'>;
  readonly language: Language;
  /** Working days behind the day of one instant up to that of another, by the calendar as it is now; null where that does not reach. */
  workingDaysBetween(from: string, to: string): number | null;
  /**
   * These fields of entities of one kind, each as this reader may see it, in the same order. What was opened of persons goes on record as a search that found
   * all of them does.
   */
  shownOf<V extends AnyView, K extends keyof V>(of: Aggregate<V>, views: readonly V[], fields: readonly K[]): Promise<readonly Pick<V, K>[]>;
}

export interface QueryPorts {
  /** Business time, ISO 8601 with +08:00. */
  readonly now: string;
  model<V>(model: ReadModel<V>): Pick<ActiveModel<V>, 'collection'>;
  keys(model: KeyedModel): Pick<ActiveKeys, 'collection'>;
}

/**
 * A question of the aggregate's own about one entity: `GET /v1/<path>/{id}/<name>`. Whoever may read the entity may ask it, and it is answered from what they
 * may see: it is given nothing else, of this entity and of others. Nothing is changed by asking.
 */
export interface EntityQuestion<V = never, K extends keyof V = keyof V, A = unknown> {
  /** Behind the id, and on the command line. */
  readonly name: string;
  readonly summary: string;
  /** What people call it; left out: by its summary. */
  readonly title?: Texts;
  readonly description?: string;
  /** What it reads of the entity and of others: no other field is opened for it. */
  readonly fields: readonly K[];
  readonly answer: z.ZodType<A>;
  /** It looks at many entities, though not at all: it costs as much as statistics do. */
  readonly looksAtMany?: true;
  read(own: Pick<V, K>, ports: EntityQuestionPorts<V, K>): Promise<A>;
  /** Ids of the entities that an answer names beside this one: what was opened of them has been seen. Left out: none. */
  readonly named?: (answer: A) => readonly string[];
}

export interface EntityQuestionPorts<V, K extends keyof V> extends QueryPorts {
  /** Of the reader. */
  readonly language: Language;
  /** Other entities of the same kind, each as this reader may see it, in the same order. It goes on record as a search does. */
  shownOf(views: readonly V[]): Promise<readonly Pick<V, K>[]>;
}

/** How records of an entity name a person. */
export interface PersonNames {
  /** As those of this entity do: a pseudonym, and the person's id sealed under their own key. */
  named(entity: string, subject: string): Promise<{ readonly id: string; readonly person: string }>;
  /** Whom such a sealed id means; null once their key is erased. */
  open(person: string): Promise<string | null>;
}

/** A command that needs other entities first. */
export interface SagaDefinition<S = unknown, C extends CommandShape = CommandShape> {
  readonly saga: Saga<S, C>;
  /**
   * What its plan needs and only an edge can work out, of the entity's state: see `Saga.plan`. Left out: nothing. `names`: null where records name persons by
   * their ids.
   */
  aside?(command: C, state: S, context: Context, names: PersonNames | null): Promise<Json>;
}

export type AttributeType = 'Keyword' | 'Datetime';

/** What is told once a working day, not with each event. */
export interface DailyNotice {
  /** As events are called in preferences, by which it can be switched off. */
  readonly type: string;
  /** Who is told what, each once, of all that came within `[from, until)` (ISO 8601 with +08:00). `units`: departments that the directory names. */
  read(within: { readonly from: string; readonly until: string }, units: readonly string[], ports: QueryPorts): Promise<readonly DailyTold[]>;
}
export interface DailyTold {
  readonly recipient: Recipient;
  /** Where all of it is listed: `/v1/<path>?…`. */
  readonly list: string;
  /** `base`: what its links begin with. */
  readonly words: (language: Language, base: string) => Words;
}

/** A page for readers. Texts are in their language, instants ISO 8601 with +08:00. */
export interface PublicPage {
  readonly title: string;
  /** Where it stands, in words. */
  readonly stage: string;
  /** Names and values, in the order in which they are read. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** All that the apps know of one kind of entity: they fold over these and know none by name. */
export interface Aggregate<V extends AnyView = AnyView> {
  readonly decider: AnyDecider;
  /** Where the decider is exported, for the bundle that workflows run in: a file of pure code. */
  readonly deciderModule: { readonly path: string; readonly name: string };
  /** Of its routes, plural: `needs`. */
  readonly path: string;
  /** Of the id in answers and documents: `needId`. */
  readonly idName: string;
  /** What one is called. */
  readonly noun: Texts;
  /** What its stages are called, where people read of them. Left out: as they are. */
  readonly stages?: Readonly<Record<string, Texts>>;
  /** What its events are called, in a word or two, where people read what has happened; those of a deadline have common ones. Left out: as they are. */
  readonly eventWords?: Readonly<Record<string, Texts>>;
  /** Those that come from outside, the starting one first. */
  readonly commands: Readonly<Record<string, CommandDefinition>>;
  readonly events: Readonly<Record<string, EventDefinition>>;
  /** What fields mean, by name: of its commands, events and documents, beside those that every kind has. A field without a text fails a test. */
  readonly fields?: FieldTexts;
  /** The module of its contracts, beside whose folder `golden/` lies: events as they were once recorded, each a file `<type>[.form].json`. */
  readonly goldenBeside?: string;
  /** With those of the engine and the common ones. */
  readonly refusals: RefusalInfos;
  readonly access: Access<V>;
  readonly model: ReadModel<V>;
  /** Sums over its entities by keys, and over those of other aggregates with them: one of these names the model. Left out: none. */
  readonly keyedModels?: readonly KeyedModel[];
  /** Search attributes that its decider sets, by their types in Temporal. None holds personal data. */
  readonly searchAttributes?: Readonly<Record<string, AttributeType>>;
  /** A document of a model that is being made anew may lack what came since. */
  readonly upgrade?: (view: V) => V;
  /** The document as it is shown, at a moment (ISO 8601 with +08:00). */
  shownOf(view: V, at: string): object;
  readonly shown: z.ZodObject;
  readonly listing: Listing<V>;
  readonly queries?: readonly AggregateQuery[];
  /** Questions about one of its entities, beside those that every kind has; left out: none. */
  readonly questions?: readonly EntityQuestion[];
  /** What can be printed of one, by the name in its address; left out: nothing. */
  readonly papers?: Readonly<Record<string, Paper<V>>>;
  /** Id from what was asked, where the same entity has to come of it whoever asks; left out, or undefined for what was asked: from actor and key. */
  idOf?(data: Readonly<Record<string, unknown>>): string | undefined;
  /**
   * Conditions on its read model: those whose deadlines run. Left out: it has none, and goes by no calendar and no policy. Its decider takes the command
   * `retime` from our own processes, which brings another calendar or policy.
   */
  readonly deadlines?: { readonly open: object; readonly overdueBefore: (before: string, dueUntil: string) => object };
  /** Conditions on its read model: what is argued about, and what has ended. */
  readonly privacy: { readonly disputed: object; readonly ended: object };
  /** Commands of processes of ours that start one too; left out: none. */
  readonly startedBy?: readonly string[];
  /** Those of its commands that need other entities first; left out: none. */
  readonly sagas?: readonly SagaDefinition[];
  /** What follows from its events at entities of any kind; left out: nothing. */
  readonly reactions?: readonly Reaction[];
  /** What anybody may read of one, without a token; left out: nothing. Only fields of the sight `public`, and nothing that names a person. */
  readonly publicPage?: (view: V, language: Language) => PublicPage;
  /** Its deadlines in calendars; left out: none are there. */
  readonly calendar?: CalendarSource<V>;
  /** What units are told once on a working day, at the opening of the office; left out: nothing. */
  readonly daily?: DailyNotice;
  /** Whom its events tell; left out: nobody. */
  readonly notices?: NoticeRules<V>;
}

/** The same without its own types, for the one list of all. Sound because the apps only give a definition back its own documents. */
export type AnyAggregate = Aggregate;
export const anyAggregate = <V extends AnyView>(aggregate: Aggregate<V>): AnyAggregate => aggregate as unknown as AnyAggregate;
export const anySagaDefinition = <S, C extends CommandShape>(definition: SagaDefinition<S, C>): SagaDefinition =>
  definition as unknown as SagaDefinition;
export const anyQuestion = <V, K extends keyof V, A>(question: EntityQuestion<V, K, A>): EntityQuestion => question as unknown as EntityQuestion;
export const anyQuery = <Q, A>(query: AggregateQuery<Q, A>): AggregateQuery => query as unknown as AggregateQuery;

export type { Refusal };
