import type { CommandShape, Context, Due, Summary } from './decider';

/** What an operator reads in Temporal's own pages. It stands in the open there: no personal data. */
export interface Labels<S, C extends CommandShape> {
  /** Of the workflow, by the command that starts it. */
  titleOf(command: C, context: Pick<Context, 'entity' | 'now'>): string;
  /** What a timer waits for. Left out: the command that it gives. */
  dueOf?(due: Due<C>, state: S): string;
  /** Commands that come as updates of their own names. Left out: all are called `command`. */
  readonly updates?: NamedUpdates;
}

/** `since`: the rules version that such a command carries at least. Workers of before have no handlers of these names, and could not replay one. */
export interface NamedUpdates {
  readonly since: number;
  readonly types: readonly string[];
}

/** Temporal takes 400 bytes, the wrapping included, and turns a workflow task with more away for ever. */
const LABEL_BYTES_MAX = 300;
const CUT = '…';

/** As much of it as a label may have, on one line. */
export const labelled = (text: string): string => {
  let [bytes, kept] = [0, ''];
  for (const char of text.replace(/\s+/g, ' ')) {
    bytes += bytesOf(char);
    if (bytes > LABEL_BYTES_MAX) return `${kept}${CUT}`;
    kept += char;
  }
  return kept;
};

/** In UTF-8 as JSON has it, at most: escapes take six. */
const bytesOf = (char: string): number => {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || char === '"' || char === '\\' || (code >= 0xd800 && code < 0xe000)) return 6;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
};

/** The title of a workflow as a label; none where the decider has a bug. */
export const titleIn = <C extends CommandShape>(
  labels: Pick<Labels<unknown, C>, 'titleOf'> | undefined,
  command: C,
  context: Pick<Context, 'entity' | 'now'>,
): string | undefined => {
  try {
    return labels === undefined ? undefined : labelled(labels.titleOf(command, context));
  } catch {
    return undefined;
  }
};

/** What a timer waits for by itself: where the entity stands, and the words of the command that it gives. */
export const wordsOfDue = ({ command }: Due<CommandShape>, summary: Summary): string =>
  [summary['stage'] ?? summary['status'], ...Object.values(command.data as Readonly<Record<string, unknown>>)]
    .filter((word) => typeof word === 'string')
    .join(' ');

const BEHIND_TYPE = ': ';
/** A timer's label: the command that it gives, and what it waits for. */
export const timerLabel = (type: string, words: string): string => labelled(words === '' ? type : `${type}${BEHIND_TYPE}${words}`);
/** Which command a timer gives by its label; timers of before were called by that alone. */
export const typeInLabel = (label: string): string => label.split(BEHIND_TYPE, 1)[0] ?? label;

/** The name of the update that brings a command. */
export const updateNameOf = (
  labels: { readonly updates?: NamedUpdates } | undefined,
  { type, rules = 1 }: { readonly type: string; readonly rules?: number },
  otherwise: string,
): string => {
  const { updates } = labels ?? {};
  return updates !== undefined && rules >= updates.since && updates.types.includes(type) ? type : otherwise;
};

/** As a label says when: a day and a minute in Shanghai. `at`: ISO 8601 with +08:00. */
export const minuteOf = (at: string): string => at.slice(0, 16).replace('T', ' ');
