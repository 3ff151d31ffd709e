/** What a terminal obeys instead of showing it: control characters (C1 is what `ESC [` becomes in one byte), and marks that turn the direction of text. */
const STEERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Bidi_Control}\p{Surrogate}]/gu;

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Text from elsewhere as a terminal may show it: whatever could steer it stands there as `\u001b`. Line ends and tabs stay. JSON stays JSON
 * and says the same, because such characters stand in it only within strings.
 */
export const forTerminal = (text: string): string => text.replace(STEERS, escaped);

/** A cell of a table or a part of a line, which may not begin another one. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
