import { accept, plusMs, refuse, DAY_MS, type Context, type Decider } from '@qiyue/engine';
import { NEED_RULES, needDecider, type NeedCommand, type NeedEvent, type NeedRefusal, type NeedState } from '@qiyue/need-domain';

/** Changes of the rules as somebody makes them without saying so, and the same changes declared. */
type NeedDecider = Decider<NeedState, NeedCommand, NeedEvent, NeedRefusal>;

export const claimRefused: NeedDecider = {
  ...needDecider,
  decide: (command, state, context) => (command.type === 'claim' ? refuse('not-permitted') : needDecider.decide(command, state, context)),
};

/** Whoever claims a need that another has claimed helps from now on. */
export const secondClaimAccepted: NeedDecider = {
  ...needDecider,
  decide: (command, state, context) =>
    command.type === 'claim' && (state.stage === 'claimed' || state.stage === 'funded')
      ? accept<NeedEvent>({ type: 'ProgressReported', data: { note: command.data.unit } })
      : needDecider.decide(command, state, context),
};

export const eventGainsField: NeedDecider = {
  ...needDecider,
  decide: (command, state, context) => {
    const decision = needDecider.decide(command, state, context);
    if (!decision.ok || command.type !== 'claim') return decision;
    return accept<NeedEvent>(
      ...decision.events.map((event) => ({ ...event, data: { ...event.data, planLength: command.data.plan.length } }) as unknown as NeedEvent),
    );
  },
};

/** How often a claim was returned; after three times nobody funds it. */
interface Counted {
  readonly returns: number;
}
const countedIn = (state: NeedState): Counted => state as unknown as Counted;
const tooOften = (command: NeedCommand, state: NeedState): boolean => command.type === 'complete' && !(countedIn(state).returns < 3);

export const stateGainsField: NeedDecider = {
  ...needDecider,
  initial: { ...needDecider.initial, ...{ returns: 0 } },
  evolve: (state, event, context) => ({
    ...needDecider.evolve(state, event, context),
    ...{ returns: countedIn(state).returns + (event.type === 'ClaimReturned' ? 1 : 0) },
  }),
  decide: (command, state, context) => (tooOften(command, state) ? refuse('wrong-stage') : needDecider.decide(command, state, context)),
};

export const reminderLater: NeedDecider = {
  ...needDecider,
  due: (state, context) => {
    const due = needDecider.due(state, context);
    return due && { ...due, at: plusMs(due.at, DAY_MS) };
  },
};

/** Another unit leads than the one that claimed: the records are the same. */
export const otherLead: NeedDecider = {
  ...needDecider,
  evolve: (state, event, context) => {
    const next = needDecider.evolve(state, event, context);
    return event.type === 'NeedClaimed' && next.stage === 'claimed' ? { ...next, lead: '民政局' } : next;
  },
};

/** The rules that declare them. */
const DECLARED_RULES = NEED_RULES + 1;

/** All of them, from those on, with what a state of before gets. */
export const declared: NeedDecider = {
  ...stateGainsField,
  rules: DECLARED_RULES,
  stateVersion: 2,
  migrate: (state) => ({ ...(state as NeedState), ...{ returns: 0 } }),
  decide: (command, state, context) => deciderFor(context).decide(command, state, context),
  evolve: (state, event, context) => ({
    ...needDecider.evolve(state, event, context),
    ...{ returns: countedIn(state).returns + (context.rules >= DECLARED_RULES && event.type === 'ClaimReturned' ? 1 : 0) },
  }),
  due: (state, context) => (context.rules >= DECLARED_RULES ? reminderLater : needDecider).due(state, context),
};
const deciderFor = ({ rules }: Context): NeedDecider => (rules >= DECLARED_RULES ? secondClaimAccepted : needDecider);

export const today: NeedDecider = needDecider;

/** The field alone, and nobody decides by it yet. */
export const stateIsCounted: NeedDecider = { ...needDecider, initial: stateGainsField.initial, evolve: stateGainsField.evolve };

/** A withdrawn need does not end any more. */
export const noEnd: NeedDecider = { ...needDecider, isFinal: () => false };
