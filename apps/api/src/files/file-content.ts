import { fileTypeFromBuffer } from 'file-type/core';

/** What may be attached, by content; the ending is for whoever saves it. None of these runs anything in a browser that shows it as what it is. */
export const FILE_TYPES = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'application/pdf': 'pdf',
} as const;
export type FileType = keyof typeof FILE_TYPES;

/** Told by its bytes, whatever its name or `Content-Type` says. Null: nothing that may be attached. */
export const fileTypeOf = async (content: Uint8Array): Promise<FileType | null> => {
  const found = await fileTypeFromBuffer(content).catch(() => undefined); // a file that breaks off
  return found !== undefined && Object.hasOwn(FILE_TYPES, found.mime) ? (found.mime as FileType) : null;
};
