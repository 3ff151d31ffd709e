import type { Party, WhistleReach } from '@qiyue/need-domain';

export interface WhistleView {
  readonly reach: WhistleReach;
  readonly units: readonly string[];
  readonly answerBy: string | null;
  readonly at: string;
}

/** When each party signed. */
export type ContractView = Readonly<Record<Party, string | null>>;

export const NOT_SIGNED: ContractView = { community: null, department: null };
