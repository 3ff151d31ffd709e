/** `2025-02-06T18:00:00.000+08:00` as `2025-02-06 18:00:00`: as recorded, in Shanghai. To the minute: the engine's `minuteOf`. */
export const secondOf = (iso: string): string => iso.slice(0, 19).replace('T', ' ');
