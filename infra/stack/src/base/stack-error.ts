/** Something the person at the terminal can mend. The message is a whole sentence for them; no stack trace is needed. */
export class StackError extends Error {
  override readonly name = 'StackError';
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
