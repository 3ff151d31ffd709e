import type { TableStore } from '@qiyue/edge';
import type { PolicyDocument } from '@qiyue/civic-domain';

/** Policies by version. A version never changes, so each is read once. */
export class Policies {
  private readonly known = new Map<string, PolicyDocument>();

  constructor(private readonly store: Pick<TableStore, 'find'>) {}

  /** Null for a version that nobody imported. */
  async of(version: string): Promise<PolicyDocument | null> {
    const known = this.known.get(version);
    if (known !== undefined) return known;
    const found = await this.store.find('policy', version);
    if (found !== null) this.known.set(version, found);
    return found;
  }
}
