import { randomUUID } from 'node:crypto';
import { mayBePlain, type PlainOverKafka } from '@qiyue/civic-contracts';
import type { PersonalPaths } from '@qiyue/aggregate';
import { exactLocationText, openedLocation, sealedLocation } from './exact-location';
import { mapTextsAt } from './personal-fields';
import { openText, sealedBy, sealText, sealWord } from './sealed-text';
import type { SubjectKey, SubjectKeys } from './subject-keys';

/** A body whose sealed fields were opened to be looked at; `plain` names those that should have come sealed. */
export interface OpenedBody {
  readonly body: unknown;
  readonly plain: readonly string[];
  /** A field that the sender's key does not open: another person's, or of an erased key. */
  readonly foreign: readonly string[];
}

/** The command that a body is of: what is secret in it is sealed for this one alone. */
export interface SealedFor {
  readonly entity: string;
  readonly commandId: string;
}

/** Whose key the secrets of an entity are sealed with, behind a colon and its id: nobody's, so that no erasure of a person takes away what others count. */
export const SECRETS_SUBJECT = 'key:secrets';
const secretsOf = (entity: string): string => `${SECRETS_SUBJECT}:${entity}`;

/** Seals what people write before it leaves the edge, under the key of who wrote it; secrets under their entity's. */
export class PersonalSeal {
  constructor(
    private readonly keys: SubjectKeys,
    private readonly overKafka: PlainOverKafka = 'none',
  ) {}

  /**
   * The command's data with every personal field sealed. What looks sealed already is sealed again: it was typed. `command` is left out where it is not known yet:
   * then secrets are sealed under the sender's key, for the way to an edge.
   */
  async seal<D>(paths: Pick<PersonalPaths, 'personal' | 'secret'>, data: D, subject: string, command?: SealedFor): Promise<D> {
    const [secrets, others] = partition(paths);
    const exact = exactLocationText(data);
    const guarded = hasTextAt(data, secrets) ? await this.withSecrets(secrets, data, subject, command) : data;
    if (exact === null && !hasTextAt(data, others)) return guarded;
    const key = await this.keys.of(subject);
    const sealed = mapTextsAt(guarded, others, (text, field) => sealText(key, field, text)) as D;
    return exact === null ? sealed : sealedLocation(sealed, sealText(key, 'exactLocation', exact));
  }

  /** Makes the key of an entity that is about to begin, so that whoever has none later is not there. */
  async begin(entity: string): Promise<void> {
    await this.keys.of(secretsOf(entity));
  }

  hasBegun(entity: string): Promise<boolean> {
    return this.keys.has(secretsOf(entity));
  }

  /** A body as it came over Kafka, where personal fields are to be sealed already, by `subject`'s own key; or by an edge before us, for this very command. */
  async openOwn({ personal, own, contact, secret }: PersonalPaths, body: unknown, subject: string, command: SealedFor): Promise<OpenedBody> {
    const paths = [...personal, 'exactLocation'];
    const hasExact = exactLocationText(body) !== null;
    if (!hasExact && !hasTextAt(body, paths)) return { body, plain: [], foreign: [] };
    const key = await this.keys.of(subject);
    const ours = hasTextAt(body, [...secret]) && (await this.hasBegun(command.entity)) ? await this.keys.of(secretsOf(command.entity)) : null;
    const [plain, foreign] = [new Set<string>(), new Set<string>()];
    const opened = mapTextsAt(body, paths, (text, field, path) => {
      const isSecret = secret.has(path);
      if (sealedBy(text) !== null) {
        const word = isSecret && ours !== null ? openHandedOver(ours, field, text, occasionOf(command, subject)) : null;
        return word ?? openText(key, field, text) ?? (foreign.add(field), text);
      }
      if (!mayBePlain(this.overKafka, { isOwn: own.has(path), isContact: contact.has(path), isSecret })) plain.add(field);
      return text;
    });
    const isSealed = hasTextAt(body, ['exactLocation']);
    if (hasExact && !isSealed && !mayBePlain(this.overKafka, { isOwn: true })) plain.add('location');
    return { body: openedLocation(opened), plain: [...plain], foreign: [...foreign] };
  }

  private async withSecrets<D>(paths: readonly string[], data: D, subject: string, command: SealedFor | undefined): Promise<D> {
    const key = await this.keys.of(command === undefined ? subject : secretsOf(command.entity));
    const occasion = command === undefined ? randomUUID() : occasionOf(command, subject);
    return mapTextsAt(data, paths, (text, field) => sealWord(key, field, text, occasion)) as D;
  }
}

/** One sender's one command: sent again it is sealed to the same bytes, and all else to others. */
const occasionOf = ({ commandId }: SealedFor, subject: string): string => JSON.stringify([subject, commandId]);

/** Only for the command that it was sealed for: who sends on what another one sent, as it stands on a topic, is not told by us what it says. */
const openHandedOver = (key: SubjectKey, field: string, text: string, occasion: string): string | null => {
  const word = openText(key, field, text);
  return word !== null && sealWord(key, field, word, occasion) === text ? word : null;
};

const partition = ({ personal, secret }: Pick<PersonalPaths, 'personal' | 'secret'>): readonly [string[], string[]] => [
  personal.filter((path) => secret.has(path)),
  personal.filter((path) => !secret.has(path)),
];

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
