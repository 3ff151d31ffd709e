import type { AnyAggregate, AnyView, Asker, Begun } from '@qiyue/aggregate';
import { encodeCursor, holdsWords, pageCursor, searchable, wordConditions, wordsOf, type PageCursor } from '@qiyue/civic-contracts';
import { spokenNumberCode, spokenNumberStart } from '@qiyue/civic-domain';
import { toShanghaiIso } from '@qiyue/engine';
import type { ActiveModel, ModelDocument } from '@qiyue/engine-runtime';
import type { Clock } from '@qiyue/platform';
import { behind, cursorAt, isBefore, orderOf, sortBy, type Order } from './list-order';

/** How many entities that fit the other filters are looked at one by one: for words in sealed texts, and where no index holds the words. */
export const SEARCHED_MAX = 5_000;
/** Up to so many are counted. */
export const COUNTED_MAX = 10_000;
/** Of a table, which is read page by page. */
const ROWS_AT_ONCE = 500;
/** Of what one person has begun, the newest. */
const BEGUN_MAX = 10_000;

/** Sealed texts of an entity, opened, by their fields. */
export type OpenedTexts = Readonly<Record<string, string | null>>;

/** Who reads a list: what they may read of an entity's sealed texts, and what came of it. */
export interface ListReader {
  readonly asker: Asker;
  textsOf(view: AnyView): Promise<OpenedTexts>;
  /** `looked`: whose texts were opened; `found`: those that the answer rests on. */
  tell(looked: readonly AnyView[], found: readonly AnyView[], fields: readonly string[]): Promise<void>;
}

/** Filters of the aggregate's own, with `q`, `sort` and the page. */
export type ListQuery = Readonly<Record<string, unknown>> & {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly limit: number;
  readonly cursor?: PageCursor | undefined;
};

export interface EntityPage {
  readonly items: readonly object[];
  readonly nextCursor: string | null;
  /** Of all pages, up to 10,000; on the first page only. */
  readonly total: number | null;
  /** There are at least so many. */
  readonly totalIsBound: boolean;
  /** False where entities were left that would have had to be looked at one by one. */
  readonly searchedAll: boolean;
}

/** Of all that is read page by page: `searchedAll` of whatever comes before the next page, or the end. */
export type ListRows = Pick<EntityPage, 'items' | 'searchedAll'>;

/** With the sealed texts that the answer shows. */
type Document = ModelDocument<AnyView> & {
  readonly keys?: { readonly text?: string; readonly number?: string; readonly code?: string };
  readonly opened?: OpenedTexts;
};

/** A question, as it is put to the database. */
interface Asked {
  readonly now: string;
  readonly order: Order;
  readonly conditions: readonly object[];
  readonly words: readonly string[];
  /** Filters over sealed texts, with what they ask for. */
  readonly sealed: readonly (readonly [field: string, wanted: string])[];
  /** Conditions on what is looked at one by one; null: nothing is. */
  readonly scanned: object | null;
}

interface Scan {
  readonly found: readonly Document[];
  readonly isWhole: boolean;
}
/** Behind every letter of a number. */
const BEHIND_NUMBERS = '~';
const NO_SCAN: Scan = { found: [], isWhole: true };

export interface ListPorts {
  readonly model: Pick<ActiveModel<AnyView>, 'collection'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Entities of the kind that somebody has begun, the newest first. */
  begunBy(id: string, limit: number): Promise<readonly string[]>;
}

/** Lists of one kind's entities, from its read model. */
export class EntityLists {
  constructor(
    readonly aggregate: AnyAggregate,
    private readonly ports: ListPorts,
  ) {}

  /** One page. */
  async list(query: ListQuery, reader: ListReader): Promise<EntityPage> {
    const asked = await this.asked(query, reader.asker);
    const [{ found, scan }, counted] = await Promise.all([this.found(asked, query, reader), this.counted(asked, query)]);
    const total = counted === null ? null : counted + scan.found.length;
    const isBound = total !== null && (total > COUNTED_MAX || !scan.isWhole);
    return {
      ...this.pageOf(found, query.limit, asked),
      total: total && Math.min(total, COUNTED_MAX),
      totalIsBound: isBound,
      searchedAll: scan.isWhole,
    };
  }

  /** All pages from the cursor on, one after the other. */
  async *rows(query: ListQuery, reader: ListReader): AsyncGenerator<ListRows> {
    const asked = await this.asked(query, reader.asker);
    let cursor = query.cursor;
    do {
      const next = { ...query, limit: ROWS_AT_ONCE, cursor };
      const { found, scan } = await this.found(asked, next, reader);
      const { items, nextCursor } = this.pageOf(found, ROWS_AT_ONCE, asked);
      const goesOn = nextCursor !== null && asked.sealed.length > 0; // behind one that was looked at, whatever was left behind it
      yield { items, searchedAll: scan.isWhole || goesOn };
      cursor = nextCursor === null ? undefined : pageCursor.parse(nextCursor);
    } while (cursor !== undefined);
  }

  /** All that people call by this number, at most so many. */
  async numbered(number: string, limit: number): Promise<readonly object[]> {
    const found = await this.find([{ 'keys.number': number }], orderOf({}), limit);
    return found.map((document) => this.itemOf(document, toShanghaiIso(this.ports.clock.nowMs())));
  }

  /** What comes behind the cursor: of what indexes find one more than the page takes, and all that was found by looking. */
  private async found(asked: Asked, query: ListQuery, reader: ListReader): Promise<{ readonly found: readonly Document[]; readonly scan: Scan }> {
    const [indexed, scan] = await Promise.all([this.indexed(asked, query), this.scan(asked, query, reader)]);
    const found = inOrder(asked.order, [...indexed, ...scan.found]);
    await this.tellAuthor(query, reader, found.slice(0, query.limit));
    return { found, scan };
  }

  private async asked(query: ListQuery, asker: Asker): Promise<Asked> {
    const { listing } = this.aggregate;
    const now = toShanghaiIso(this.ports.clock.nowMs());
    const words = query.q === undefined ? [] : wordsOf(query.q);
    const sealed = (listing.sealed?.filters ?? []).flatMap((field) => (query[field] === undefined ? [] : [[field, String(query[field])] as const]));
    const begun = await this.begun(query, asker, words.length > 0 || sealed.length > 0);
    return {
      ...{ now, words, sealed },
      order: orderOf(listing, query.sort),
      conditions: [...(listing.askersConditionsOf?.(query, asker, begun) ?? []), ...listing.conditionsOf(query, now)],
      scanned: this.scanned(words, sealed, asker, begun),
    };
  }

  /** What no index answers. */
  private scanned(words: readonly string[], sealed: Asked['sealed'], asker: Asker, begun: Begun): object | null {
    const { listing } = this.aggregate;
    if (words.length + sealed.length === 0) return null;
    if (sealed.length > 0 || listing.isIndexed === true) return listing.sealed?.among(asker, begun) ?? null;
    return {};
  }

  private async begun(query: ListQuery, asker: Asker, isSearch: boolean): Promise<Begun> {
    const { listing } = this.aggregate;
    const id = listing.begunBy?.(query, asker) ?? (isSearch && listing.sealed !== undefined ? asker.id : null);
    if (id === null) return { ids: [], followed: [] };
    const ids = await this.ports.begunBy(id, BEGUN_MAX);
    return { ids, followed: await this.followedFrom(ids) };
  }

  private async followedFrom(ids: readonly string[]): Promise<readonly string[]> {
    const { followedBy } = this.aggregate.listing;
    if (followedBy === undefined || ids.length === 0) return [];
    const found = await (await this.ports.model.collection()).distinct(followedBy, { _id: { $in: [...ids] } } as object);
    return (found as readonly unknown[]).filter((id) => typeof id === 'string');
  }

  /** What is found by indexes alone, and one more than the page takes. */
  private indexed(asked: Asked, { limit, cursor }: ListQuery): Promise<readonly Document[]> {
    const conditions = this.indexedConditions(asked);
    return conditions === null ? Promise.resolve([]) : this.find([...conditions, ...behind(asked.order, cursor)], asked.order, limit + 1);
  }

  /** By the command that counts in an index alone. Behind shards it may count a document twice while it moves: a list's `total` may. */
  private async counted(asked: Asked, { cursor }: ListQuery): Promise<number | null> {
    if (cursor !== undefined) return null;
    const conditions = this.indexedConditions(asked);
    return conditions === null ? 0 : (await this.ports.model.collection()).count(every(conditions), { limit: COUNTED_MAX + 1 });
  }

  /** Null: nothing is. */
  private indexedConditions({ conditions, words, sealed }: Asked): readonly object[] | null {
    if (sealed.length > 0) return null;
    if (words.length === 0) return conditions;
    if (this.aggregate.listing.isIndexed !== true) return null;
    const numbers = words.flatMap((word) => this.numberConditions(word));
    return [...conditions, ...numbers, ...wordConditions(words.filter((word) => this.numberKey(word) === null))];
  }

  /** A word with which a number may begin, or its letters, finds it, as it finds every text that holds the word. */
  private numberConditions(word: string): readonly object[] {
    const key = this.numberKey(word);
    if (key === null) return [];
    return [{ $or: [{ $and: wordConditions([word]) }, { [`keys.${key.name}`]: { $gte: key.start, $lt: `${key.start}${BEHIND_NUMBERS}` } }] }];
  }

  /** By which key a number is found that somebody has typed part of, and how that begins. */
  private numberKey(word: string): { readonly name: 'number' | 'code'; readonly start: string } | null {
    if (this.aggregate.listing.isNumbered !== true) return null;
    const [start, code] = [spokenNumberStart(word), spokenNumberCode(word)];
    if (start !== null) return { name: 'number', start };
    return code === null ? null : { name: 'code', start: code };
  }

  private holds(texts: readonly (string | null)[], { keys }: Document, words: readonly string[]): boolean {
    return words.every((word) => {
      const key = this.numberKey(word);
      return holdsWords(texts, [word]) || (key !== null && keys?.[key.name]?.startsWith(key.start) === true);
    });
  }

  private async find(conditions: readonly object[], order: Order, limit: number): Promise<readonly Document[]> {
    const found = (await this.ports.model.collection()).find(every(this.driven(conditions, order)), { projection: this.projection });
    return (await found.sort(sortBy(order)).limit(limit).toArray()) as Document[];
  }

  /** An order of the kind's own has no index but behind a filter: where none is asked for, all fit this one. */
  private driven(conditions: readonly object[], order: Order): readonly object[] {
    const isDriven = order.name === orderOf({}).name || conditions.some((condition) => 'keys.has' in condition);
    return isDriven ? conditions : [{ 'keys.has': 'all' }, ...conditions];
  }

  /** Entities one by one, the first ones only. */
  private async scan(asked: Asked, { cursor }: ListQuery, reader: ListReader): Promise<Scan> {
    if (asked.scanned === null) return NO_SCAN;
    const conditions = [...asked.conditions, asked.scanned, ...behind(asked.order, cursor)];
    const documents = await this.find(conditions, asked.order, SEARCHED_MAX + 1);
    const [found, looked, hits]: [Document[], AnyView[], AnyView[]] = [[], [], []];
    for (const document of documents.slice(0, SEARCHED_MAX)) {
      const view = this.upgraded(document.view);
      const listed = this.aggregate.listing.textsOf(view);
      const isListed = this.holds(textIn(document) ?? listed, document, asked.words);
      if (isListed && asked.sealed.length === 0) {
        if (textIn(document) === null) found.push(document); // else the index has it
        continue;
      }
      const texts = await reader.textsOf(view);
      const opened = Object.values(texts).filter((text) => text !== null);
      if (opened.length > 0) looked.push(view);
      if (!asked.sealed.every(([field, wanted]) => isSame(texts[field] ?? null, wanted))) continue;
      if (!isListed && !this.holds([...listed, ...opened], document, asked.words)) continue;
      hits.push(view);
      found.push({ ...document, opened: Object.fromEntries(asked.sealed.map(([field]) => [field, texts[field] ?? null])) });
    }
    await reader.tell(looked, hits, this.aggregate.listing.sealed?.fields ?? []);
    return { found, isWhole: documents.length <= SEARCHED_MAX };
  }

  /** Who wrote these was asked for by their id. */
  private async tellAuthor(query: ListQuery, reader: ListReader, found: readonly Document[]): Promise<void> {
    const id = this.aggregate.listing.begunBy?.(query, reader.asker) ?? null;
    if (id === null || id === reader.asker.id) return;
    const views = found.map(({ view }) => this.upgraded(view));
    await reader.tell(views, views, ['author']);
  }

  private pageOf(found: readonly Document[], limit: number, { now, order }: Asked): Pick<EntityPage, 'items' | 'nextCursor'> {
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return {
      items: shown.map((document) => this.itemOf(document, now)),
      nextCursor: last === undefined ? null : encodeCursor(cursorAt(order, last as unknown as Readonly<Record<string, unknown>>)),
    };
  }

  /** What is sealed is shown where it was opened for the question alone. */
  private itemOf({ view, opened = {} }: Document, now: string): object {
    const { listing } = this.aggregate;
    const sealed = Object.fromEntries((listing.sealed?.fields ?? []).map((field) => [field, opened[field] ?? null]));
    return listing.itemOf({ ...this.upgraded(view), ...sealed }, now);
  }

  /** A document of a model that is being made anew may lack what came since. */
  private upgraded(view: AnyView): AnyView {
    return this.aggregate.upgrade?.(view) ?? view;
  }

  private get projection(): object {
    return { ...this.aggregate.listing.without, 'keys.grams': 0, 'keys.has': 0 };
  }
}

/** What the index has words of; null where it has none. */
const textIn = ({ keys }: Document): readonly string[] | null => (keys?.text === undefined ? null : [keys.text]);

const isSame = (text: string | null, wanted: string): boolean => text !== null && searchable(text) === searchable(wanted);

const every = (conditions: readonly object[]): object => (conditions.length === 0 ? {} : { $and: conditions });

const inOrder = (order: Order, documents: readonly Document[]): readonly Document[] =>
  [...documents].sort((a, b) => (isBefore(order, a as never, b as never) ? -1 : 1));
