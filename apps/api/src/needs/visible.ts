import { sealedBy, type Aliases, type PersonalReader, type Rename, type Shown } from '@qiyue/adapters';
import type { Actor } from '@qiyue/engine';
import { isPerson, isPseudonym, type Retention } from '@qiyue/need-domain';
import { isKept, leastSightOf, relationOf, sees, sightOf, type NeedView, type Reader, type Sight } from '@qiyue/need-views';
import { maySeePersonal } from '../http/credential';
import type { HistoryEvent } from './history';
import { coarsened, namingFor, renamed, sealedPersonsIn, withExactLocation, withoutPersons } from './persons';

/** Somebody was shown what another person wrote. */
export interface Seen {
  readonly actor: Actor;
  readonly needId: string;
  readonly fields: readonly string[];
}

/** Somebody searched in what other persons wrote: in so many needs; what it was found in they know from then on. */
export interface Searched {
  readonly actor: Actor;
  readonly needs: number;
  readonly found: readonly string[];
}

export interface Looks {
  seen(look: Seen): Promise<void>;
  searched(look: Searched): Promise<void>;
}

/** As its reader may see it. */
export type ReadNeed = Omit<NeedView, 'exactLocation'>;

type Parties = Parameters<typeof sightOf>[1] & Pick<NeedView, 'status' | 'updatedAt'>;

/** How long what has ended is opened, and as of when. */
export interface Keeping {
  readonly retention: Retention;
  /** Business time, ISO 8601 with +08:00. */
  readonly now: string;
}

/** Somebody who reads one need. */
interface Reading {
  readonly need: Parties | null;
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

/** Needs and histories as their readers may see them: the one place where personal fields are opened. Closed by default. */
export class NeedReader {
  constructor(
    private readonly personal: PersonalReader,
    private readonly aliases: Pick<Aliases, 'within' | 'open'>,
    private readonly looks: Looks,
    private readonly keeping: () => Keeping,
  ) {}

  /** Who stands how to a need is asked of what it is `now`, also when an earlier state is shown. */
  async view(view: NeedView, actor: Actor, now: Parties = view): Promise<ReadNeed> {
    const reading = await this.reading(view.needId, now, actor, view);
    const shown = await this.show(view, view.stage, reading);
    await this.tell(reading, view.needId, actor, shown.looked);
    return shown.value;
  }

  async history(needId: string, events: readonly HistoryEvent[], need: Parties | null, actor: Actor): Promise<readonly HistoryEvent[]> {
    const reading = await this.reading(needId, need, actor, events);
    const shown = await Promise.all(events.map(async (event) => ({ event, data: await this.show(event.data, event.type, reading) })));
    const opened = events.flatMap((event) => openedIn(event.actor.id, reading));
    await this.tell(reading, needId, actor, [...opened, ...shown.flatMap(({ data }) => data.looked)]);
    return shown.map(({ event, data }) => byRenamed(historyEventOf(event, data, reading), event, reading));
  }

  /** What of these texts the reader may search in. */
  async text(need: NeedView, description: string | null, actor: Actor): Promise<string | null> {
    const sight = sightWith(actor, await this.knownAs(actor, need.needId), need);
    return (await this.personal.show({ description }, (field) => this.opens(need, sight, field))).value.description;
  }

  /** Of words that were searched for in these needs and found in some of them. Authors search in their own. */
  async tellSearch(needs: readonly NeedView[], found: readonly NeedView[], actor: Actor): Promise<void> {
    const [looked, hits] = await Promise.all([needs, found].map((all) => this.othersOf(all, actor)));
    if (looked === undefined || hits === undefined || looked.length === 0) return;
    await this.looks.searched({ actor, needs: looked.length, found: hits.map(({ needId }) => needId) });
    await Promise.all(hits.map(({ needId }) => this.looks.seen({ actor, needId, fields: ['description'] })));
  }

  async maySeeFiles(need: NeedView, actor: Actor): Promise<boolean> {
    return this.opens(need, sightWith(actor, await this.knownAs(actor, need.needId), need), 'files');
  }

  /** How this reader knows whoever attached something to a need. */
  async namesIn(need: NeedView, actor: Actor): Promise<Rename> {
    const [{ name }, alias] = [await this.reading(need.needId, need, actor, null), await this.aliases.within(need.needId)];
    const isAuthors = (id: string): boolean => isPerson(need.author.role) && [id, alias(id)].includes(need.author.id);
    const isPersons = (id: string): boolean => isAuthors(id) || [id, alias(id)].some((known) => need.followers.includes(known));
    return (id) => (isPersons(id) ? name(id) : id);
  }

  /** Another person's file was handed out. */
  async tellFile(need: NeedView, actor: Actor): Promise<void> {
    if ((await this.othersOf([need], actor)).length > 0) await this.looks.seen({ actor, needId: need.needId, fields: ['files'] });
  }

  /** With the name that records of the need have for them. */
  async knownAs({ id, role, unit }: Actor, needId: string): Promise<Reader> {
    return { id, role, unit, alias: (await this.aliases.within(needId))(id) };
  }

  /** Those that this reader did not write. */
  private async othersOf(needs: readonly NeedView[], actor: Actor): Promise<readonly NeedView[]> {
    const relations = await Promise.all(needs.map(async (need) => relationOf(await this.knownAs(actor, need.needId), need)));
    return needs.filter((_, i) => relations[i] !== 'author');
  }

  /** Closed by default, and for everybody once it has been over for as long as the policy says. */
  private opens(need: Parties | null, sight: Sight, field: string, within?: string): boolean {
    const least = leastSightOf(field, within);
    if (least === null || !sees(sight, field, within)) return false;
    const { now, retention } = this.keeping();
    return need === null || isKept(least, need, now, retention);
  }

  /** Who may not know how to reach a person need not know who it is. `shown`: what persons stand sealed in. */
  private async reading(needId: string, need: Parties | null, actor: Actor, shown: unknown): Promise<Reading> {
    const [who, alias] = [await this.knownAs(actor, needId), await this.aliases.within(needId)];
    const sight: Sight = need === null ? 'public' : sightWith(actor, who, need);
    const mayKnowPersons = need !== null && this.opens(need, sight, 'person');
    const known = mayKnowPersons ? await this.known(alias, sealedPersonsIn(shown)) : new Map<string, string>();
    return { need, who, sight, mayKnowPersons, name: namingFor(alias, actor.id, { known, mayKnowIds: sees(sight, 'contact') }) };
  }

  /** Whom the pseudonyms of a need stand for, but for those whose keys are erased. */
  private async known(alias: Rename, sealed: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const subjects = await Promise.all([...new Set(sealed)].map((text) => this.aliases.open(text)));
    return new Map(subjects.flatMap((subject) => (subject === null ? [] : [[alias(subject), subject]])));
  }

  private async show<T>(value: T, within: string, reading: Reading): Promise<Part<T>> {
    const { need, sight, name, mayKnowPersons } = reading;
    const named = renamed(value, name) as T;
    const placed = this.opens(need, sight, 'exactLocation') ? named : coarsened(named);
    const shown = await this.personal.show(withoutPersons(placed), (field) => this.opens(need, sight, field, within));
    const fields = shown.opened.map(fieldOf).filter((field) => !sees('official', field, within));
    const looked = [...fields, ...idsIn(value).flatMap((id) => openedIn(id, reading))];
    const kept = mayKnowPersons ? named : withoutPersons(placed);
    const isChanged = mayKnowPersons ? placed !== named : JSON.stringify(kept) !== JSON.stringify(value);
    return { ...shown, value: withExactLocation(shown.value), looked, isChanged };
  }

  /** Authors look at their own; offices' words are for everybody. */
  private async tell({ need, who }: Reading, needId: string, actor: Actor, looked: readonly string[]): Promise<void> {
    const fields = [...new Set(looked)].sort();
    if (fields.length > 0 && need !== null && relationOf(who, need) !== 'author') await this.looks.seen({ actor, needId, fields });
  }
}

/** How far the role sees, as far as the credential goes. */
const sightWith = (actor: Actor, who: Reader, need: Parties): Sight => {
  const sight = sightOf(who, need);
  return maySeePersonal(actor) || sight === 'public' ? sight : 'official';
};

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
