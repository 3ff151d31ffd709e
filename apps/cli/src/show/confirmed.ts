import { createInterface } from 'node:readline/promises';
import type { Language } from '../context';

const QUESTION: Readonly<Record<Language, string>> = { 'zh-CN': '继续？[y/N] ', en: 'go on? [y/N] ' };

interface Asked {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Asks a person whether to go on. Where nobody sits in front of it there is nobody to ask: it goes on. */
export const confirmed = async (
  language: Language,
  { input, output }: Asked = { input: process.stdin, output: process.stderr },
): Promise<boolean> => {
  if (input.isTTY !== true || output.isTTY !== true) return true;
  const lines = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => void lines.once('close', () => resolve('')));
  const answer = await Promise.race([lines.question(QUESTION[language]), closed]);
  lines.close();
  return /^\s*(y|yes|是)\s*$/i.test(answer);
};
