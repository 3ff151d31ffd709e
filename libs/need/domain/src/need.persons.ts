/** Rules version from which records name persons by a pseudonym per need. */
export const PSEUDONYMS_SINCE = 3;
