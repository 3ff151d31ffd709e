import { mayBePlain, type PlainOverKafka } from '@qiyue/civic-contracts';
import type { PersonalPaths } from '@qiyue/aggregate';
import { exactLocationText, openedLocation, sealedLocation } from './exact-location';
import { mapTextsAt } from './personal-fields';
import { openText, sealedBy, sealText } from './sealed-text';
import type { SubjectKey, SubjectKeys } from './subject-keys';

/** A body whose sealed fields were opened to be looked at; `plain` names those that should have come sealed. */
export interface OpenedBody {
  readonly body: unknown;
  readonly plain: readonly string[];
  /** A field that the sender's key does not open: another person's, or of an erased key. */
  readonly foreign: readonly string[];
}

/** Seals what people write before it leaves the edge, under the key of who wrote it. */
export class PersonalSeal {
  constructor(
    private readonly keys: SubjectKeys,
    private readonly overKafka: PlainOverKafka = 'none',
  ) {}

  /** The command's data with every personal field sealed. What looks sealed already is sealed again: it was typed. */
  async seal<D>({ personal: paths }: Pick<PersonalPaths, 'personal'>, data: D, subject: string): Promise<D> {
    const exact = exactLocationText(data);
    if (exact === null && !hasTextAt(data, paths)) return data;
    const key = await this.keys.of(subject);
    const sealed = mapTextsAt(data, paths, (text, field) => sealText(key, field, text)) as D;
    return exact === null ? sealed : sealedLocation(sealed, sealText(key, 'exactLocation', exact));
  }

  /** A body as it came over Kafka, where personal fields are to be sealed already, by `subject`'s own key. */
  async openOwn({ personal, own, contact }: PersonalPaths, body: unknown, subject: string): Promise<OpenedBody> {
    const paths = [...personal, 'exactLocation'];
    const hasExact = exactLocationText(body) !== null;
    if (!hasExact && !hasTextAt(body, paths)) return { body, plain: [], foreign: [] };
    const key = await this.keys.of(subject);
    const [plain, foreign] = [new Set<string>(), new Set<string>()];
    const opened = mapTextsAt(body, paths, (text, field, path) => {
      if (sealedBy(text) !== null) return openText(key, field, text) ?? (foreign.add(field), text);
      if (!mayBePlain(this.overKafka, { isOwn: own.has(path), isContact: contact.has(path) })) plain.add(field);
      return text;
    });
    const isSealed = hasTextAt(body, ['exactLocation']);
    if (hasExact && !isSealed && !mayBePlain(this.overKafka, { isOwn: true, isContact: false })) plain.add('location');
    return { body: openedLocation(opened), plain: [...plain], foreign: [...foreign] };
  }
}

const hasTextAt = (data: unknown, paths: readonly string[]): boolean => {
  let has = false;
  mapTextsAt(data, paths, (text) => ((has = true), text));
  return has;
};

/** Keys that were asked for within the last moments, so that a page of a hundred needs asks for each person's once. */
export class RecentKeys {
  private readonly recent = new Map<string, { readonly key: Promise<SubjectKey | null>; readonly untilMs: number }>();

  constructor(
    private readonly keys: Pick<SubjectKeys, 'byId'>,
    private readonly forMs = 1_000,
  ) {}

  byId(keyId: string): Promise<SubjectKey | null> {
    const nowMs = performance.now();
    const known = this.recent.get(keyId);
    if (known !== undefined && known.untilMs > nowMs) return known.key;
    for (const [id, { untilMs }] of this.recent) if (untilMs <= nowMs) this.recent.delete(id);
    const key = this.keys.byId(keyId);
    this.recent.set(keyId, { key, untilMs: nowMs + this.forMs });
    return key;
  }
}
