import type { ApiKeyStore } from './api-key-store';
import type { TokenVerifier, Verified } from './token-verifier';

/** Whatever somebody may show at the edge: a token, or a service's key. */
export class Credentials {
  constructor(
    private readonly tokens: Pick<TokenVerifier, 'verify'>,
    private readonly keys: Pick<ApiKeyStore, 'verify'>,
  ) {}

  /** `at`: when a token was shown; a key counts as of now. Rejects when what it takes to look is away. */
  async verify(header: string | undefined, at?: Date): Promise<Verified> {
    return (await this.keys.verify(header)) ?? this.tokens.verify(header, at);
  }
}
