/** `true` when either type can stand for the other, else `never`: assigning `true` then does not compile. */
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
