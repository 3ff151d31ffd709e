import { isEntityId, refuse, type Saga } from '@qiyue/engine';
import type { Do } from './need.commands';
import type { NeedState } from './need.state';

/** Who follows a need that is merged, as its target names them: worked out at the edge, which has the keys. */
export type Followers = Omit<Do<'adopt'>['data'], 'from'>;

/**
 * A merge ends one need and moves its followers to another: the target adopts, then the source ends. A target that does not adopt leaves the source as it
 * is. Each waits for the ledger, so that nobody sees the source merged into a need that lacks it.
 */
export const mergeSaga: Saga<NeedState, Do<'merge'>> = {
  aggregate: 'need',
  type: 'merge',
  plan: ({ data: { into } }, _, { entity: from, rules }, aside) => {
    if (!isEntityId(into)) return refuse('target-not-live', {});
    const target = { aggregate: 'need', entity: into, asSender: true as const };
    const followers = aside as unknown as Followers;
    return {
      // The target decides by rules under which it knows persons by the names that it is given.
      before: [{ ...target, type: 'adopt', data: { from, ...followers }, ...(rules === 1 ? {} : { rules }) }],
      undo: [{ ...target, type: 'unadopt', data: { from } }],
      inLedgerOrder: true,
    };
  },
  /** The community of the target alone may give it anything; whatever else it says, it is not there to be merged into. */
  refusalOf: ({ refusal, summary }) => {
    if (refusal.code === 'not-permitted') return refusal;
    const { stage = null } = summary;
    return { code: 'target-not-live', detail: stage === null ? {} : { stage } };
  },
};
