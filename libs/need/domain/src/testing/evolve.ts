import { needDecider } from '../need.decider';
import type { NeedEvent } from '../need.events';
import type { NeedState } from '../need.state';

/** `evolve` under the first rules, as a step for `reduce`. */
export const evolve = (state: NeedState, event: NeedEvent): NeedState => needDecider.evolve(state, event, { rules: 1 });
