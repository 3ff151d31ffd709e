/** What whoever mends code has to know of an error; nothing in it that a person wrote. */
export interface Fault {
  /** Name of the error, or the type of what was thrown. */
  readonly name: string;
  /** One line; null where it may quote what was worked on. */
  readonly message: string | null;
  /** The first frames of the stack: function, file, line, column. */
  readonly at: readonly string[];
}

/** Their messages name code. Others quote: a `SyntaxError` what it parsed, a database's what was written. */
const NAMES_CODE: ReadonlySet<string> = new Set(['Error', 'TypeError', 'RangeError', 'ReferenceError']);
const MESSAGE_MAX = 200;
const FRAMES_MAX = 3;

/** What may be logged and shown of anything that was thrown. */
export const faultOf = (error: unknown): Fault => {
  if (!(error instanceof Error)) return { name: typeof error, message: null, at: [] };
  const { name, message, stack = '' } = error;
  const frames = stack.split('\n').flatMap((line) => /^\s+at (.+)$/.exec(line)?.[1] ?? []);
  return { name, message: NAMES_CODE.has(name) ? oneLine(message) : null, at: frames.slice(0, FRAMES_MAX) };
};

/** In one line: name, message, and where. */
export const faultText = ({ name, message, at: [first] }: Fault): string =>
  `${name}${message === null ? '' : `: ${message}`}${first === undefined ? '' : ` at ${first}`}`;

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, MESSAGE_MAX);
