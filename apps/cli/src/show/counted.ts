/** `1 record`, `2 records`; the plural where it is not just an `s`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
