import type { Party, ReportAnswer, WhistleReach } from '@qiyue/need-domain';

export interface WhistleView {
  readonly reach: WhistleReach;
  readonly units: readonly string[];
  readonly answerBy: string | null;
  readonly at: string;
  /** Each unit's last word, the newest last; absent in documents of before there were any. */
  readonly answers?: readonly WhistleAnswerView[];
}
export interface WhistleAnswerView {
  readonly unit: string;
  readonly answer: ReportAnswer;
  readonly reason: string | null;
  /** When it comes. */
  readonly at: string | null;
  readonly reportedAt: string;
}
/** A party member or volunteer. */
export interface VolunteerView {
  readonly person: string;
  readonly at: string | null;
  readonly reportedAt: string;
}

/** When each party signed. */
export type ContractView = Readonly<Record<Party, string | null>>;

export const NOT_SIGNED: ContractView = { community: null, department: null };
