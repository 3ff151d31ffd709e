import { withoutMetadata } from '@qiyue/edge';
import { Problem } from '../http/problem';
import { fileTypeOf, type FileType } from './file-content';

/** A file as it may be kept: what it is is told by its bytes, and nothing in it tells of place and device. */
export interface ReceivedFile {
  readonly content: Buffer;
  readonly mediaType: FileType;
}

/** Throws `unsupported-file` and `unreadable-file`. `sent` may be no bytes at all: nothing was sent. */
export const receivedFileOf = async (sent: unknown): Promise<ReceivedFile> => {
  const mediaType = Buffer.isBuffer(sent) ? await fileTypeOf(sent) : null;
  if (!Buffer.isBuffer(sent) || mediaType === null) throw Problem.edge('unsupported-file');
  const content = withoutMetadata(sent, mediaType);
  if (content === null) throw Problem.edge('unreadable-file');
  return { content, mediaType };
};
