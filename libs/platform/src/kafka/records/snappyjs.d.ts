declare module 'snappyjs' {
  export const compress: (bytes: Buffer) => Buffer;
  /** Throws when it would be more than `lengthMax`. */
  export const uncompress: (bytes: Buffer, lengthMax?: number) => Buffer;
}
