/** The key that a person's words are sealed with. */
export interface SubjectKey {
  /** Opaque: 32 hex digits that say nothing about whom. */
  readonly keyId: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** Nothing was sealed or opened; it may be tried again. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/**
 * Keeps one key per person, outside of MongoDB, Kafka and Temporal. The port behind which a KMS can stand.
 *
 * Contract:
 * 1. `of` gives the same key to every caller until it is erased, however many ask at once.
 * 2. Once `erase` has resolved, no caller gets the erased key any more, by subject or by id; the same subject may get another.
 *    One that was cut off is gone on with by asking again, or by `settle`, and only then answered.
 * 3. `erase` of a subject without a key, or for the second time, is null and no error.
 * Rejects with `KeysUnavailable` when the keys cannot be reached.
 */
export interface SubjectKeys {
  /** The subject's key, made with the first call. */
  of(subject: string): Promise<SubjectKey>;
  /** Whether the subject has a key. Makes none. */
  has(subject: string): Promise<boolean>;
  /** Null: erased, or never there. */
  byId(keyId: string): Promise<SubjectKey | null>;
  erase(subject: string): Promise<{ readonly keyId: string } | null>;
  /** An erased key that is there again, out of a backup, is destroyed once more. False when it is not there. Whatever key the subject has since stays. */
  destroy(subject: string, keyId: string): Promise<boolean>;
  /** Goes on with every erasure that was cut off; answers how many it finished. To be called with each start. */
  settle(): Promise<number>;
}
