import type { Scope } from '@qiyue/edge';
import type { Actor } from '@qiyue/engine';

/** By identity: an actor is made for each request, and goes into records as it is, so that what its credential is limited to stands beside it. */
const scopesOf = new WeakMap<Actor, readonly Scope[]>();

/** `scopes` null: the credential is not limited. */
export const noteScopes = (actor: Actor, scopes: readonly Scope[] | null): void => {
  if (scopes !== null) scopesOf.set(actor, scopes);
};

/** False for a credential that is limited and does not name `personal`: its holder sees what stands on the list, and offices' words. */
export const maySeePersonal = (actor: Actor): boolean => scopesOf.get(actor)?.includes('personal') ?? true;
