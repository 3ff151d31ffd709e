import { sealedBy, type Aliases, type PersonalReader, type Rename, type Shown } from '@qiyue/privacy';
import { EXACT_PLACE_SIGHT, FILES_SIGHT, PERSON_SIGHT, reaches, type AnyAggregate, type AnyView } from '@qiyue/aggregate';
import { isPerson, isPseudonym, type PublicRole, type Retention } from '@qiyue/civic-domain';
import { isKept, sightBy, type Reader, type Sight } from '@qiyue/civic-views';
import type { Actor } from '@qiyue/engine';
import { maySeePersonal } from '../http/credential';
import type { ListReader, OpenedTexts } from './entity-lists';
import type { HistoryEvent } from './history';
import { coarsened, namingFor, renamed, sealedPersonsIn, withExactLocation, withoutPersons } from './persons';

/** Somebody was shown what another person wrote. */
export interface Seen {
  readonly actor: Actor;
  readonly aggregate: string;
  readonly entity: string;
  readonly fields: readonly string[];
}

/** Somebody searched in what other persons wrote: in so many entities; what it was found in they know from then on. */
export interface Searched {
  readonly actor: Actor;
  readonly fields: readonly string[];
  readonly entities: number;
  readonly found: readonly string[];
}

export interface Looks {
  seen(look: Seen): Promise<void>;
  searched(look: Searched): Promise<void>;
}

/** Another entity, as far as a question was shown it. */
export interface Peeked {
  readonly view: AnyView;
  readonly shown: object;
  /** What was opened of what persons wrote of themselves. */
  readonly looked: readonly string[];
}

/** How long what has ended is opened, and as of when. */
export interface Keeping {
  readonly retention: Retention;
  /** Business time, ISO 8601 with +08:00. */
  readonly now: string;
}

/** Somebody who reads one entity. */
interface Reading {
  readonly view: AnyView | null;
  readonly who: Reader;
  readonly sight: Sight;
  /** Whether they may know whom a pseudonym stands for. */
  readonly mayKnowPersons: boolean;
  readonly name: Rename;
}

/** What is shown of one document or of one event's data. */
interface Part<T> extends Shown<T> {
  /** Something in it is other than it was recorded, and what was recorded is not for this reader. */
  readonly isChanged: boolean;
  /** What was opened of what persons wrote of themselves. */
  readonly looked: readonly string[];
}

/** What somebody is to an entity; `id` only for a reader who may know it. */
export interface Standing {
  readonly as: 'author' | 'follower' | 'person';
  readonly id: string | null;
}

export interface ReaderPorts {
  readonly personal: PersonalReader;
  readonly aliases: Pick<Aliases, 'within' | 'open'>;
  readonly looks: Looks;
  readonly keeping: () => Keeping;
}

/** Documents and histories of one aggregate as their readers may see them: the one place where personal fields are opened. Closed by default. */
export class EntityReader {
  constructor(
    private readonly aggregate: Pick<AnyAggregate, 'decider' | 'access' | 'listing' | 'idName'>,
    private readonly ports: ReaderPorts,
  ) {}

  /** Who stands how to it is asked of what it is `now`, also when an earlier state is shown. */
  async view(id: string, view: AnyView, actor: Actor, now: AnyView = view): Promise<object> {
    const reading = await this.reading(id, now, actor, view);
    const shown = await this.show(view, this.aggregate.access.withinOf(view), reading);
    await this.tell(reading, id, actor, shown.looked);
    return shown.value;
  }

  /** These fields of an entity alone, as this reader may see them. Not told of: see `tellPeeked`. */
  async peek(view: AnyView, fields: readonly string[], actor: Actor): Promise<Peeked> {
    const part = Object.fromEntries(Object.entries(view).filter(([name]) => fields.includes(name)));
    const reading = await this.reading(this.idOf(view), view, actor, part);
    const { value, looked } = await this.show(part, this.aggregate.access.withinOf(view), reading);
    return { view, shown: value, looked };
  }

  /** Of what was opened for a question, as of a search; `named`: the ids of those that its answer names. */
  async tellPeeked(peeked: readonly Peeked[], named: readonly string[], actor: Actor): Promise<void> {
    const opened = peeked.filter(({ looked }) => looked.length > 0).map(({ view }) => view);
    const fields = [...new Set(peeked.flatMap(({ looked }) => looked))].sort();
    await this.tellLooked(
      opened,
      opened.filter((view) => named.includes(this.idOf(view))),
      fields,
      actor,
    );
  }

  async history(id: string, events: readonly HistoryEvent[], view: AnyView | null, actor: Actor): Promise<readonly HistoryEvent[]> {
    const reading = await this.reading(id, view, actor, events);
    const shown = await Promise.all(events.map(async (event) => ({ event, data: await this.show(event.data, event.type, reading) })));
    const opened = events.flatMap((event) => openedIn(event.actor.id, reading));
    await this.tell(reading, id, actor, [...opened, ...shown.flatMap(({ data }) => data.looked)]);
    return shown.map(({ event, data }) => byRenamed(historyEventOf(event, data, reading), event, reading));
  }

  /** A list as this actor reads it. */
  listReader(actor: Actor): ListReader {
    return {
      asker: { id: actor.id, role: actor.role, unit: actor.unit, seesPersonal: maySeePersonal(actor) },
      textsOf: (view) => this.sealedTexts(view, actor),
      tell: (looked, found, fields) => this.tellLooked(looked, found, fields, actor),
    };
  }

  /** The sealed texts that lists search in, for a reader who may see them. */
  private async sealedTexts(view: AnyView, actor: Actor): Promise<OpenedTexts> {
    const { sealed: kept } = this.aggregate.listing;
    if (kept === undefined) return {}; // and a list without sealed texts may leave out of a document what says how somebody stands to it
    const sight = this.sightWith(actor, await this.knownAs(actor, this.idOf(view)), view);
    const sealed = Object.fromEntries(
      kept.fields.map((field) => [field, (view as unknown as Readonly<Record<string, string | null>>)[field] ?? null]),
    );
    return (await this.ports.personal.show(sealed, (path) => this.opens(view, sight, path, null))).value;
  }

  /** Of texts that were searched in these entities and found in some of them. Authors search in their own. */
  private async tellLooked(views: readonly AnyView[], found: readonly AnyView[], fields: readonly string[], actor: Actor): Promise<void> {
    const [looked, hits] = await Promise.all([views, found].map((all) => this.othersOf(all, actor)));
    if (looked === undefined || hits === undefined || looked.length === 0) return;
    await this.ports.looks.searched({ actor, fields, entities: looked.length, found: hits.map((view) => this.idOf(view)) });
    await Promise.all(hits.map((view) => this.seen(actor, this.idOf(view), fields)));
  }

  async maySeeFiles(id: string, view: AnyView, actor: Actor): Promise<boolean> {
    return this.reaches(view, this.sightWith(actor, await this.knownAs(actor, id), view), FILES_SIGHT);
  }

  async mayAttach(id: string, view: AnyView, actor: Actor): Promise<boolean> {
    const { attaching, relationOf } = this.aggregate.access;
    if (!Object.hasOwn(attaching, actor.role)) return false;
    return attaching[actor.role as PublicRole]?.includes(relationOf(await this.knownAs(actor, id), view)) === true;
  }

  /** How this reader knows whoever attached something. */
  async namesIn(id: string, view: AnyView, actor: Actor): Promise<Rename> {
    const { authorOf, followersOf } = this.aggregate.access;
    const [{ name }, alias] = [await this.reading(id, view, actor, null), await this.ports.aliases.within(id)];
    const author = authorOf(view);
    const isAuthors = (by: string): boolean => author !== null && isPerson(author.role) && [by, alias(by)].includes(author.id);
    const isPersons = (by: string): boolean => isAuthors(by) || [by, alias(by)].some((known) => followersOf(view).includes(known));
    return (by) => (isPersons(by) ? name(by) : by);
  }

  /** What persons are to it, by their ids, as far as this reader may know who they are. */
  async standings(id: string, view: AnyView, actor: Actor): Promise<(subject: string) => Standing> {
    const { authorOf, followersOf } = this.aggregate.access;
    const [{ mayKnowPersons }, alias] = [await this.reading(id, view, actor, null), await this.ports.aliases.within(id)];
    const known = (subject: string): readonly string[] => [subject, alias(subject)];
    const asOf = (subject: string): Standing['as'] => {
      if (known(subject).includes(authorOf(view)?.id ?? '')) return 'author';
      return known(subject).some((name) => followersOf(view).includes(name)) ? 'follower' : 'person';
    };
    return (subject) => ({ as: asOf(subject), id: mayKnowPersons || subject === actor.id ? subject : null });
  }

  /** Those that a person wrote or follows. */
  async concerning(views: readonly AnyView[], actor: Actor): Promise<readonly AnyView[]> {
    const standing = await Promise.all(views.map((view) => this.standings(this.idOf(view), view, actor)));
    return views.filter((_, i) => standing[i]?.(actor.id).as !== 'person');
  }

  /** Somebody was told who the persons are that an entity concerns. */
  async tellPersons(id: string, view: AnyView, actor: Actor): Promise<void> {
    if (!(await this.isAuthors(id, view, actor))) await this.seen(actor, id, ['person']);
  }

  /** Another person's file was handed out. */
  async tellFile(id: string, view: AnyView, actor: Actor): Promise<void> {
    if (!(await this.isAuthors(id, view, actor))) await this.seen(actor, id, ['files']);
  }

  /** With the name that records of the entity have for them. */
  private async knownAs({ id: subject, role, unit }: Actor, id: string): Promise<Reader> {
    return { id: subject, role, unit, alias: (await this.ports.aliases.within(id))(subject) };
  }

  private idOf(view: AnyView): string {
    return String((view as unknown as Readonly<Record<string, unknown>>)[this.aggregate.idName]);
  }

  private async isAuthors(id: string, view: AnyView, actor: Actor): Promise<boolean> {
    const { relationOf, author } = this.aggregate.access;
    return relationOf(await this.knownAs(actor, id), view) === author;
  }

  /** Those that this reader did not write. */
  private async othersOf(views: readonly AnyView[], actor: Actor): Promise<readonly AnyView[]> {
    const own = await Promise.all(views.map((view) => this.isAuthors(this.idOf(view), view, actor)));
    return views.filter((_, i) => own[i] === false);
  }

  /** Closed by default, and for everybody once it has been over for as long as the policy says. */
  private opens(view: AnyView | null, sight: Sight, path: string, within: string | null): boolean {
    return this.reaches(view, sight, this.aggregate.access.leastSightOf(path, within));
  }

  private reaches(view: AnyView | null, sight: Sight, least: Sight | null): boolean {
    if (least === null || !reaches(sight, least)) return false;
    const { now, retention } = this.ports.keeping();
    return view === null || isKept(least, this.aggregate.access.endedAtOf(view), now, retention);
  }

  /** How far the role sees, as far as the credential goes. */
  private sightWith(actor: Actor, who: Reader, view: AnyView): Sight {
    const { reading, relationOf } = this.aggregate.access;
    const sight = sightBy(reading, who.role, relationOf(who, view));
    return maySeePersonal(actor) || sight === 'public' ? sight : 'official';
  }

  /** Who may not know how to reach a person need not know who it is. `shown`: what persons stand sealed in. */
  private async reading(id: string, view: AnyView | null, actor: Actor, shown: unknown): Promise<Reading> {
    const [who, alias] = [await this.knownAs(actor, id), await this.ports.aliases.within(id)];
    const sight: Sight = view === null ? 'public' : this.sightWith(actor, who, view);
    const mayKnowPersons = view !== null && this.reaches(view, sight, PERSON_SIGHT);
    const known = mayKnowPersons ? await this.known(alias, sealedPersonsIn(shown)) : new Map<string, string>();
    return { view, who, sight, mayKnowPersons, name: namingFor(alias, actor.id, { known, mayKnowIds: reaches(sight, PERSON_SIGHT) }) };
  }

  /** Whom the pseudonyms of an entity stand for, but for those whose keys are erased. */
  private async known(alias: Rename, sealed: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const subjects = await Promise.all([...new Set(sealed)].map((text) => this.ports.aliases.open(text)));
    return new Map(subjects.flatMap((subject) => (subject === null ? [] : [[alias(subject), subject]])));
  }

  private async show<T>(value: T, within: string, reading: Reading): Promise<Part<T>> {
    const { view, who, sight, name, mayKnowPersons } = reading;
    const { leastSightOf, ownPartOf, followsFrom } = this.aggregate.access;
    const named = renamed(value, name) as T;
    const placed = this.reaches(view, sight, EXACT_PLACE_SIGHT) ? named : coarsened(named);
    const own = await this.ports.personal.show(ownPartOf?.(who, value as object, within) ?? {}, () => true);
    const shown = withOwn(await this.ports.personal.show(withoutPersons(placed), (path) => this.opens(view, sight, path, within)), own.value);
    const fields = shown.opened.filter((path) => !reaches('official', leastSightOf(patternOf(path), within))).map(fieldOf);
    const looked = [...fields, ...idsIn(value).flatMap((id) => openedIn(id, reading))];
    const kept = mayKnowPersons ? named : withoutPersons(placed);
    const isChanged = mayKnowPersons ? placed !== named : JSON.stringify(kept) !== JSON.stringify(value);
    const whole = followsFrom === undefined ? shown.value : { ...shown.value, ...followsFrom(shown.value as object) };
    return { ...shown, value: withExactLocation(whole), looked, isChanged };
  }

  /** Authors look at their own; offices' words are for everybody. */
  private async tell({ view, who }: Reading, id: string, actor: Actor, looked: readonly string[]): Promise<void> {
    const { relationOf, author } = this.aggregate.access;
    const fields = [...new Set(looked)].sort();
    if (fields.length > 0 && view !== null && relationOf(who, view) !== author) await this.seen(actor, id, fields);
  }

  private seen(actor: Actor, entity: string, fields: readonly string[]): Promise<void> {
    return this.ports.looks.seen({ actor, aggregate: this.aggregate.decider.aggregate, entity, fields });
  }
}

/** What is of the reader themselves is not withheld from them. */
const withOwn = <T>(shown: Shown<T>, own: Readonly<Record<string, unknown>>): Shown<T> =>
  Object.keys(own).length === 0
    ? shown
    : { ...shown, value: { ...shown.value, ...own }, withheld: shown.withheld.filter((path) => !Object.hasOwn(own, /^\w+/.exec(path)?.[0] ?? path)) };

/** `items[3].name` as `items[].name`. */
const patternOf = (path: string): string => path.replace(/\[\d+\]/g, '[]');

const fieldOf = (path: string): string => /(\w+)(\[\d+\])*$/.exec(path)?.[1] ?? path;

const idsIn = (value: unknown): readonly string[] => {
  const ids: string[] = [];
  renamed(value, (id) => (ids.push(id), id));
  return ids;
};

/** A pseudonym that this reader was told the person of is a look, unless it is their own. */
const openedIn = (id: string, { name, who }: Reading): readonly string[] =>
  isPseudonym(id) && name(id) !== id && name(id) !== who.id ? ['person'] : [];

/** `stored` is the data as the hash covers it, wherever `data` differs from it and nobody's words would be told by it. */
const historyEventOf = (
  event: HistoryEvent,
  { value, withheld, erased, opened, isChanged }: Part<object>,
  { mayKnowPersons }: Reading,
): HistoryEvent => {
  const isSame = JSON.stringify(value) === JSON.stringify(event.data);
  if (withheld.length + erased.length + opened.length === 0 && isSame) return event;
  const isWhole = mayKnowPersons || event.actor.person === undefined; // else nobody could check it
  const isSafe = isWhole && !isChanged && !isSame && hasOnlySealed(event.data, withheld);
  return {
    ...event,
    data: value,
    ...(isSafe ? { stored: event.data } : {}),
    ...(withheld.length === 0 ? {} : { redacted: withheld }),
    ...(erased.length === 0 ? {} : { erased }),
  };
};

/** A person who acted goes by the name that the reader knows; their command's id, which they chose, is what their need's id was made of. */
const byRenamed = (shown: HistoryEvent, { actor, commandId }: HistoryEvent, { name, mayKnowPersons }: Reading): HistoryEvent => {
  if (!isPerson(actor.role)) return shown;
  const { person, ...by } = actor;
  const isOpen = person === undefined && name(by.id) === by.id;
  return {
    ...shown,
    actor: { ...by, id: name(by.id) },
    commandId: isOpen || isPseudonym(by.id) ? commandId : name(`command ${commandId}`),
    ...(person !== undefined && mayKnowPersons ? { storedActor: { ...actor, person } } : {}),
  };
};

const hasOnlySealed = (data: object, paths: readonly string[]): boolean =>
  paths.every((path) => {
    const value = path
      .split(/\.|\[(\d+)\]/)
      .filter(Boolean)
      .reduce<unknown>((inner, name) => (inner as Readonly<Record<string, unknown>>)[name], data);
    return typeof value === 'string' && sealedBy(value) !== null;
  });
