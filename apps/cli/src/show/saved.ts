import { writeFile } from 'node:fs/promises';
import { CliError, print, printJsonLine } from '../context';
import { inWords } from './language';

/** Writes what was asked for into a file, never over one that is there, and says how much it is. */
export const saved = async (out: string, content: Uint8Array, json: boolean | undefined): Promise<void> => {
  await writeFile(out, content, { flag: 'wx' }).catch(() => {
    throw new CliError(inWords({ 'zh-CN': `${out} 无法写入，或已存在`, en: `${out} cannot be written, or is there already` }));
  });
  if (json === true) printJsonLine({ out, bytes: content.length });
  else print(inWords({ 'zh-CN': `已写入 ${out}，${content.length} 字节`, en: `${content.length} bytes in ${out}` }));
};
