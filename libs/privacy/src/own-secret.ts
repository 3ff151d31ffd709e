import type { SubjectKeys } from './subject-keys';

/** A secret of ours that lies with the persons' keys, asked for once and kept; after a failure it is asked for again. */
export class OwnSecret {
  private secret: Promise<Buffer> | null = null;

  constructor(
    private readonly keys: Pick<SubjectKeys, 'of'>,
    /** Nobody's id: what begins with `key:` no token can name. */
    private readonly subject: `key:${string}`,
  ) {}

  /** Rejects with `KeysUnavailable`. */
  get(): Promise<Buffer> {
    this.secret ??= this.keys.of(this.subject).then(
      ({ secret }) => secret,
      (error: unknown) => {
        this.secret = null;
        throw error;
      },
    );
    return this.secret;
  }
}
