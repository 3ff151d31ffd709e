/** A notice's key where only ASCII may stand: names of units are Chinese. Readable, and the same for ever. */
export const keyHeader = (key: string): string => encodeURI(key.replace(/\p{Surrogate}/gu, '\uFFFD'));
