/** One piece of long work that is being shown. */
export interface RunningStep {
  done(): void;
  failed(): void;
}

/** What is said to a person: in both languages, or as some program has put it. */
export type StackWords = string | Readonly<Record<StackLanguage, string>>;
export type StackLanguage = 'zh-CN' | 'en';
/** How long something takes, from and to, in seconds. */
export type UsualSeconds = readonly [from: number, to: number];

/** Where the stack says what it does. Results never go here. */
export interface StackLog {
  say(line: StackWords): void;
  /** Shows `what` with the seconds gone by until it is done or failed. */
  step(what: StackWords, usually: UsualSeconds): RunningStep;
}

const TTY_EVERY_MS = 1000;
const LINE_EVERY_MS = 15_000;
const MINUTE_S = 60;

const WORDS = {
  en: { usually: (span: string) => ` (usually ${span})`, minutes: 'minutes', seconds: 'seconds', to: ' to ', done: 'done', failed: 'failed' },
  'zh-CN': { usually: (span: string) => `（通常 ${span}）`, minutes: '分钟', seconds: '秒', to: '–', done: '完成', failed: '失败' },
} as const;

const secondsSince = (startedAtMs: number): number => Math.round((Date.now() - startedAtMs) / 1000);

const spanOf = ([from, to]: UsualSeconds, language: StackLanguage): string => {
  const { minutes, seconds, to: between } = WORDS[language];
  const inMinutes = from % MINUTE_S === 0 && to % MINUTE_S === 0;
  return `${(inMinutes ? [from / MINUTE_S, to / MINUTE_S] : [from, to]).join(between)} ${inMinutes ? minutes : seconds}`;
};

/** On a terminal one line that rewrites itself, elsewhere a line now and then, so that a log stays readable. */
export const terminalLog = (out: NodeJS.WriteStream = process.stderr, language: StackLanguage = 'en'): StackLog => {
  const inWords = (words: StackWords): string => (typeof words === 'string' ? words : words[language]);
  return {
    say: (line) => void out.write(`${inWords(line)}\n`),
    step: (what, usually) => {
      const startedAtMs = Date.now();
      const { usually: around, done, failed } = WORDS[language];
      const text = (): string => `${inWords(what)}${around(spanOf(usually, language))} … ${secondsSince(startedAtMs)} s`;
      const show = (end: string): void => void out.write(out.isTTY ? `\r\u001b[K${text()}${end}` : `${text()}${end === '' ? '\n' : end}`);
      show('');
      const timer = setInterval(() => show(''), out.isTTY ? TTY_EVERY_MS : LINE_EVERY_MS);
      timer.unref();
      const end = (word: string) => (): void => {
        clearInterval(timer);
        show(` ${word}\n`);
      };
      return { done: end(done), failed: end(failed) };
    },
  };
};

/** What several starts say. */
export const STARTING = (names: string): StackWords => ({ 'zh-CN': `正在启动 ${names}`, en: `starting ${names}` });

export const silentLog: StackLog = { say: () => undefined, step: () => ({ done: () => undefined, failed: () => undefined }) };
