import { writeFile } from 'node:fs/promises';
import { CliError, print, printJsonLine } from '../context';

/** Writes what was asked for into a file, never over one that is there, and says how much it is. */
export const saved = async (out: string, content: Uint8Array, json: boolean | undefined): Promise<void> => {
  await writeFile(out, content, { flag: 'wx' }).catch(() => {
    throw new CliError(`${out} cannot be written, or is there already`);
  });
  if (json === true) printJsonLine({ out, bytes: content.length });
  else print(`${content.length} bytes in ${out}`);
};
