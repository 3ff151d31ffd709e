import { sealedBy, type PersonalReader, type Pseudonyms, type Rename, type Shown } from '@qiyue/adapters';
import type { Actor } from '@qiyue/engine';
import type { Retention } from '@qiyue/need-domain';
import { isKept, leastSightOf, relationOf, sees, sightOf, type NeedView, type Sight } from '@qiyue/need-views';
import { maySeePersonal } from '../http/credential';
import type { HistoryEvent } from './history';
import { coarsened, isPerson, renamed, withExactLocation } from './persons';

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

/** What is shown of one document or of one event's data. */
interface Part<T> extends Shown<T> {
  /** Something in it goes by another name, or is coarser, than it was recorded. */
  readonly isChanged: boolean;
  /** What was opened of what persons wrote of themselves. */
  readonly looked: readonly string[];
}

/** Needs and histories as their readers may see them: the one place where personal fields are opened. Closed by default. */
export class NeedReader {
  constructor(
    private readonly personal: PersonalReader,
    private readonly pseudonyms: Pick<Pseudonyms, 'within'>,
    private readonly looks: Looks,
    private readonly keeping: () => Keeping,
  ) {}

  /** Who stands how to a need is asked of what it is `now`, also when an earlier state is shown. */
  async view(view: NeedView, actor: Actor, now: Parties = view): Promise<ReadNeed> {
    const shown = await this.show(view, view.stage, { need: now, actor, rename: await this.renameFor(view.needId, now, actor) });
    await this.tell(now, view.needId, actor, shown.looked);
    return shown.value;
  }

  async history(needId: string, events: readonly HistoryEvent[], need: Parties | null, actor: Actor): Promise<readonly HistoryEvent[]> {
    const rename = await this.renameFor(needId, need, actor);
    const shown = await Promise.all(events.map(async (event) => ({ event, data: await this.show(event.data, event.type, { need, actor, rename }) })));
    await this.tell(
      need,
      needId,
      actor,
      shown.flatMap(({ data }) => data.looked),
    );
    return shown.map(({ event, data }) => byRenamed(historyEventOf(event, data), rename));
  }

  /** What of these texts the reader may search in. */
  async text(need: Parties, description: string | null, actor: Actor): Promise<string | null> {
    return (await this.personal.show({ description }, (field) => this.opens(need, sightWith(actor, need), field))).value.description;
  }

  /** Of words that were searched for in these needs and found in some of them. Authors search in their own. */
  async tellSearch(needs: readonly NeedView[], found: readonly NeedView[], actor: Actor): Promise<void> {
    const isOthers = (need: NeedView): boolean => relationOf(actor, need) !== 'author';
    const [looked, hits] = [needs.filter(isOthers), found.filter(isOthers)];
    if (looked.length === 0) return;
    await this.looks.searched({ actor, needs: looked.length, found: hits.map(({ needId }) => needId) });
    await Promise.all(hits.map(({ needId }) => this.looks.seen({ actor, needId, fields: ['description'] })));
  }

  maySeeFiles(need: Parties, actor: Actor): boolean {
    return this.opens(need, sightWith(actor, need), 'files');
  }

  /** How this reader knows whoever attached something to a need. */
  async namesIn(need: NeedView, actor: Actor): Promise<Rename> {
    const rename = await this.renameFor(need.needId, need, actor);
    const isPersons = (id: string): boolean => (id === need.author.id && isPerson(need.author.role)) || need.followers.includes(id);
    return (id) => (rename !== null && isPersons(id) ? rename(id) : id);
  }

  /** Another person's file was handed out. */
  async tellFile({ needId, ...need }: NeedView, actor: Actor): Promise<void> {
    if (relationOf(actor, need) !== 'author') await this.looks.seen({ actor, needId, fields: ['files'] });
  }

  /** Closed by default, and for everybody once it has been over for as long as the policy says. */
  private opens(need: Parties | null, sight: Sight, field: string, within?: string): boolean {
    const least = leastSightOf(field, within);
    if (least === null || !sees(sight, field, within)) return false;
    const { now, retention } = this.keeping();
    return need === null || isKept(least, need, now, retention);
  }

  /** Who may not know how to reach a person need not know who it is; everybody knows themselves. */
  private async renameFor(needId: string, need: Parties | null, actor: Actor): Promise<Rename | null> {
    if (need !== null && sees(sightWith(actor, need), 'contact')) return null;
    const alias = await this.pseudonyms.within(needId);
    return (subject) => (subject === actor.id ? subject : alias(subject));
  }

  private async show<T>(
    value: T,
    within: string,
    { need, actor, rename }: { readonly need: Parties | null; readonly actor: Actor; readonly rename: Rename | null },
  ): Promise<Part<T>> {
    const sight: Sight = need === null ? 'public' : sightWith(actor, need);
    const named = rename === null ? value : (renamed(value, rename) as T);
    const placed = this.opens(need, sight, 'exactLocation') ? named : coarsened(named);
    const shown = await this.personal.show(placed, (field) => this.opens(need, sight, field, within));
    const looked = shown.opened.map(fieldOf).filter((field) => !sees('official', field, within));
    const isChanged = placed !== value && JSON.stringify(placed) !== JSON.stringify(value);
    return { ...shown, value: withExactLocation(shown.value), looked, isChanged };
  }

  /** Authors look at their own; offices' words are for everybody. */
  private async tell(need: Parties | null, needId: string, actor: Actor, looked: readonly string[]): Promise<void> {
    const fields = [...new Set(looked)].sort();
    if (fields.length > 0 && need !== null && relationOf(actor, need) !== 'author') await this.looks.seen({ actor, needId, fields });
  }
}

/** How far the role sees, as far as the credential goes. */
const sightWith = (actor: Actor, need: Parties): Sight => {
  const sight = sightOf(actor, need);
  return maySeePersonal(actor) || sight === 'public' ? sight : 'official';
};

const fieldOf = (path: string): string => /(\w+)(\[\d+\])*$/.exec(path)?.[1] ?? path;

/** `stored` is the data as the hash covers it, wherever `data` differs from it and nobody's words would be told by it. */
const historyEventOf = (event: HistoryEvent, { value, withheld, erased, opened, isChanged }: Part<object>): HistoryEvent => {
  if (withheld.length + erased.length + opened.length === 0 && !isChanged) return event;
  const isSafe = !isChanged && JSON.stringify(value) !== JSON.stringify(event.data) && hasOnlySealed(event.data, withheld);
  return {
    ...event,
    data: value,
    ...(isSafe ? { stored: event.data } : {}),
    ...(withheld.length === 0 ? {} : { redacted: withheld }),
    ...(erased.length === 0 ? {} : { erased }),
  };
};

/** A person who acted goes by their other name; their command's id, which they chose, is what their need's id was made of. */
const byRenamed = (event: HistoryEvent, rename: Rename | null): HistoryEvent => {
  const { actor, commandId } = event;
  if (rename === null || !isPerson(actor.role) || rename(actor.id) === actor.id) return event;
  return { ...event, actor: { ...actor, id: rename(actor.id) }, commandId: rename(`command ${commandId}`) };
};

const hasOnlySealed = (data: object, paths: readonly string[]): boolean =>
  paths.every((path) => {
    const value = path
      .split(/\.|\[(\d+)\]/)
      .filter(Boolean)
      .reduce<unknown>((inner, name) => (inner as Readonly<Record<string, unknown>>)[name], data);
    return typeof value === 'string' && sealedBy(value) !== null;
  });
