import { sealedBy, type PersonalReader, type Shown } from '@qiyue/adapters';
import type { Actor } from '@qiyue/engine';
import { relationOf, sees, sightOf, type NeedView, type Sight } from '@qiyue/need-views';
import type { HistoryEvent } from './history';

/** Somebody was shown what another person wrote. */
export interface Seen {
  readonly actor: Actor;
  readonly needId: string;
  readonly fields: readonly string[];
}

type Parties = Parameters<typeof sightOf>[1];

/** Needs and histories as their readers may see them: the one place where personal fields are opened. */
export class NeedReader {
  constructor(
    private readonly personal: PersonalReader,
    private readonly onSeen: (seen: Seen) => Promise<void>,
  ) {}

  /** Who stands how to a need is asked of what it is `now`, also when an earlier state is shown. */
  async view(view: NeedView, actor: Actor, now: Parties = view): Promise<NeedView> {
    const shown = await this.show(view, now, actor);
    await this.tell(now, view.needId, actor, shown.opened);
    return shown.value;
  }

  async history(needId: string, events: readonly HistoryEvent[], need: Parties | null, actor: Actor): Promise<readonly HistoryEvent[]> {
    const shown = await Promise.all(events.map(async (event) => ({ event, data: await this.show(event.data, need, actor) })));
    await this.tell(
      need,
      needId,
      actor,
      shown.flatMap(({ data }) => data.opened),
    );
    return shown.map(({ event, data }) => historyEventOf(event, data));
  }

  /** What of these texts the reader may search in. */
  async text(need: Parties, description: string | null, actor: Actor): Promise<string | null> {
    return (await this.show({ description }, need, actor)).value.description;
  }

  maySeeFiles(need: Parties, actor: Actor): boolean {
    return sees(sightOf(actor, need), 'files');
  }

  /** Another person's file was handed out. */
  async tellFile({ needId, ...need }: NeedView, actor: Actor): Promise<void> {
    if (relationOf(actor, need) !== 'author') await this.onSeen({ actor, needId, fields: ['files'] });
  }

  private show<T>(value: T, need: Parties | null, actor: Actor): Promise<Shown<T>> {
    const sight: Sight = need === null ? 'public' : sightOf(actor, need);
    return this.personal.show(value, (field) => sees(sight, field));
  }

  /** Authors look at their own; offices' words are for everybody. */
  private async tell(need: Parties | null, needId: string, actor: Actor, opened: readonly string[]): Promise<void> {
    const fields = [...new Set(opened.map(fieldOf))].filter((field) => !sees('official', field)).sort();
    if (fields.length > 0 && need !== null && relationOf(actor, need) !== 'author') await this.onSeen({ actor, needId, fields });
  }
}

const fieldOf = (path: string): string => /(\w+)(\[\d+\])*$/.exec(path)?.[1] ?? path;

/** `stored` is the data as the hash covers it, wherever `data` differs from it and nobody's words would be told by it. */
const historyEventOf = (event: HistoryEvent, { value, withheld, erased, opened }: Shown<object>): HistoryEvent => {
  if (withheld.length + erased.length + opened.length === 0) return event;
  const isSafe = JSON.stringify(value) !== JSON.stringify(event.data) && hasOnlySealed(event.data, withheld);
  return {
    ...event,
    data: value,
    ...(isSafe ? { stored: event.data } : {}),
    ...(withheld.length === 0 ? {} : { redacted: withheld }),
    ...(erased.length === 0 ? {} : { erased }),
  };
};

const hasOnlySealed = (data: object, paths: readonly string[]): boolean =>
  paths.every((path) => {
    const text = path
      .split(/\.|\[(\d+)\]/)
      .filter(Boolean)
      .reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>>)[name], data);
    return typeof text !== 'string' || sealedBy(text) !== null;
  });

/** Subscribers get what is sealed as it is; what was written before there was sealing goes without contact. */
export const withoutPlainContact = (data: object): object | null =>
  'contact' in data && typeof data.contact === 'string' && sealedBy(data.contact) === null ? { ...data, contact: null } : null;
