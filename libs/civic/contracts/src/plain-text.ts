/*
 * What people may write. Everything else is kept as it was typed: any script, emoji, full-width and half-width forms.
 */

/** Line ends and tabs are for fields of several lines; a carriage return only in front of its line feed, because alone it writes over a line. */
const CONTROLS = String.raw`\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029`;

/** Lone surrogates have no UTF-8 form and so no hash; nobody types control characters; marks of direction make a text look like another. */
const UNSTORABLE = new RegExp(String.raw`[\p{Surrogate}\p{Noncharacter_Code_Point}\p{Bidi_Control}${CONTROLS}\ufff9-\ufffb]|\r(?!\n)`, 'u');

export const isPlainText = (text: string): boolean => !UNSTORABLE.test(text);

/** U+FFFD stands where somebody's program could not decode what was typed: kept, it would be lost for ever. */
export const isDecoded = (text: string): boolean => !text.includes('\ufffd');

/** Spaces, what has no width and the empty braille cell show nothing. That there is no text at all is another fault. */
export const isVisible = (text: string): boolean => text === '' || /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800]/u.test(text);

/** Scripts whose letters are written together, or not, by a character that shows nothing. */
const JOINING = [
  'Arabic',
  'Syriac',
  'Mongolian',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
];

/** Where what shows nothing by itself is a part of what is seen: emoji put together, flags, scripts whose letters join, variants of one character. */
const SEEN_TOGETHER = new RegExp(
  [
    String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})`,
    String.raw`(?<=[\p{Emoji}\p{Extended_Pictographic}])[\ufe0e\ufe0f]`,
    String.raw`(?<=\u{1f3f4})[\u{e0020}-\u{e007e}]{1,10}\u{e007f}`,
    String.raw`(?<=\p{Script=Han})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
    String.raw`(?<=\p{Script=Mongolian})[\u180b-\u180f]`,
    String.raw`(?<=[${JOINING.map((script) => String.raw`\p{Script=${script}}`).join('')}\p{M}])[\u200c\u200d]`,
  ].join('|'),
  'gu',
);
/** What text that was copied from a page or a word processor is full of: they break lines, and stand for nothing. */
const BREAKS = /[\u200b\ufeff\u00ad\u2060]/gu;
const HIDDEN = /\p{Default_Ignorable_Code_Point}/u;
const MARKS_MAX = 8;
const HEAPED = new RegExp(String.raw`\p{M}{${MARKS_MAX + 1}}`, 'u');

/** Nothing in it is there to be read by machines only, or to heap marks over its neighbours. */
export const hidesNothing = (text: string): boolean => !HIDDEN.test(text.replace(BREAKS, '').replace(SEEN_TOGETHER, '')) && !HEAPED.test(text);

/** The same for a line: there it would only make two of them look alike. */
export const hidesNoBreak = (text: string): boolean => text.search(BREAKS) === -1;

/** For names that are compared: two that look alike are the same. */
export const isBare = (text: string): boolean => !HIDDEN.test(text);

export const isOneLine = (text: string): boolean => !/[\t\n\r]/.test(text);

/** For searching: full-width as half-width, letters large as small. What is stored stays as it is. */
export const searchable = (text: string): string => text.normalize('NFKC').toLowerCase();
