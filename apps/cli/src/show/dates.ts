/** `2025-02-06T18:00:00.000+08:00` as `2025-02-06 18:00`: as recorded, in Shanghai. */
export const minuteOf = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

/** The same to the second. */
export const secondOf = (iso: string): string => iso.slice(0, 19).replace('T', ' ');
