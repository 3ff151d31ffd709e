/** A unit's or a community's name as it is compared: two that are read alike are one, with whatever characters and spaces they are written (Unicode, NFKC). */
export const nameAsRead = (unit: string): string => unit.normalize('NFKC').replace(/\s+/gu, ' ').trim();
export const isSameUnit = (a: string, b: string | null): boolean => b !== null && nameAsRead(a) === nameAsRead(b);
