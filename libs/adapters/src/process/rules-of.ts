import { needDecider } from '@qiyue/need-domain';

/** The highest rules version of each aggregate that this program knows. */
export const rulesOf = (): Readonly<Record<string, number>> => ({ need: needDecider.rules ?? 1 });
