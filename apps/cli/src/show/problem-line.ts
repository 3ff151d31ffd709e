import type { ProblemDocument } from '@qiyue/client';

type Mistake = NonNullable<ProblemDocument['errors']>[number];

/** Where it stands, and what is wrong; of the whole, that alone. */
export const mistakeWords = ({ path, message }: Mistake): string => (path === '' ? message : `${path}: ${message}`);

/** A "no" of the API's as one sentence: with what does not fit, and with the names that may be meant where something was misspelt. */
export const problemLine = ({ title, code, detail = '', errors = [], suggestions = [] }: ProblemDocument): string =>
  [`${title} (${code}): ${detail}`, errors.map(mistakeWords).join('; '), suggestions.join(' / ')]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
