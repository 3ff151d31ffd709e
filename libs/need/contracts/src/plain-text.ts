/*
 * What people may write. Everything else is kept as it was typed: any script, emoji, full-width and half-width forms.
 */

/** Line ends and tabs are for fields of several lines; a carriage return only in front of its line feed, because alone it writes over a line. */
const CONTROLS = String.raw`\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029`;

/** Lone surrogates have no UTF-8 form and so no hash; nobody types control characters; marks of direction make a text look like another. */
const UNSTORABLE = new RegExp(String.raw`[\p{Surrogate}\p{Noncharacter_Code_Point}\p{Bidi_Control}${CONTROLS}]|\r(?!\n)`, 'u');

export const isPlainText = (text: string): boolean => !UNSTORABLE.test(text);

/** U+FFFD stands where somebody's program could not decode what was typed: kept, it would be lost for ever. */
export const isDecoded = (text: string): boolean => !text.includes('\ufffd');

/** Spaces, what has no width and the empty braille cell show nothing. That there is no text at all is another fault. */
export const isVisible = (text: string): boolean => text === '' || /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800]/u.test(text);

export const isOneLine = (text: string): boolean => !/[\t\n\r]/.test(text);

/** For searching: full-width as half-width, letters large as small. What is stored stays as it is. */
export const searchable = (text: string): string => text.normalize('NFKC').toLowerCase();
