import type { Actor, CommandEnvelope, RecordBody } from '@qiyue/engine';

type Data = CommandEnvelope['data'];
/** A command of somebody, with what it says, or how that follows from what is on record; one that is not marked has to be accepted. */
export type Given = readonly [actor: Actor, type: string, data: Data | ((records: readonly RecordBody[]) => Data), answer?: 'refused'];
/** Until the ledger holds all of it, by the workflow's own flush, and the workflow knows. */
export const FLUSH = 'flush' as const;
/** Until the ladder has come so far: records in the ledger. */
export const until = (records: number) => ({ records });
/** Until it stands there by its own deadlines: `stage/status`. */
export const untilAt = (place: string) => ({ place });

/** One entity from its start on. */
export interface Life {
  readonly starts: Given;
  readonly steps: readonly (Given | typeof FLUSH | ReturnType<typeof until> | ReturnType<typeof untilAt>)[];
  readonly continueAfterUpdates?: number;
  /** With calendar and policy, on a clock that runs so many times as fast from a Monday on (2024-07-01, 08:00). */
  readonly factor?: number;
}
export type Lives = Readonly<Record<string, Life>>;

export const refused = ([actor, type, data]: Given): Given => [actor, type, data, 'refused'];
