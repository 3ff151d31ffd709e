import { instantMsOf, type Actor, type RecordBody } from '@qiyue/engine';

/** Who brings another calendar or policy to an entity, and by what command. */
export const RETIMER: Actor = { id: 'retime', role: 'system', unit: null };
export const RETIME = { type: 'retime', data: {} } as const;

type Move = Pick<RecordBody, 'data'>;

export interface DeadlineMoves {
  readonly moved: number;
  /** Of these, those that end earlier than before. */
  readonly shorter: number;
}

/** What a re-timing does to deadlines: of the records that it has left, or the events that it would. */
export const movesAmong = (moves: readonly Move[]): DeadlineMoves => ({ moved: moves.length, shorter: moves.filter(endsEarlier).length });

/** Whether a deadline moves from one date to an earlier one. */
const endsEarlier = ({ data }: Move): boolean => {
  const { oldDueAt = null, dueAt = null } = data as { readonly oldDueAt?: string | null; readonly dueAt?: string | null };
  return oldDueAt !== null && dueAt !== null && instantMsOf(dueAt) < instantMsOf(oldDueAt);
};
