/** A unit's or a community's name as it is compared: two that are read alike are one, with whatever characters and spaces they are written (Unicode, NFKC). */
export const nameAsRead = (unit: string): string => unit.normalize('NFKC').replace(/\s+/gu, ' ').trim();
/** A name without its blanks: 幸福 社区 and 幸福社区 are one place to whoever reads a list of them. */
export const nameWithoutBlanks = (name: string): string => nameAsRead(name).replace(/\s/gu, '').toLowerCase();
export const isSameUnit = (a: string, b: string | null): boolean => b !== null && nameAsRead(a) === nameAsRead(b);
