import { fieldsThatDiffer, type DigestAt } from '@qiyue/engine';
import type { CommandDocument } from './documents';

/** Whether a run folds the same records to another state than the code that gave the last outcome. Unknown on either side is no contradiction. */
export const isOtherState = (digests: readonly DigestAt[] | undefined, last: Pick<CommandDocument, 'outcome' | 'digest'> | null): boolean => {
  const own = digests?.find(({ seq }) => seq === last?.outcome?.seq);
  return own !== undefined && fieldsThatDiffer(own.digest, last?.digest ?? {}).length > 0;
};
