/** A mistake or a state that the reader can mend: shown as one sentence, exit code 1. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
