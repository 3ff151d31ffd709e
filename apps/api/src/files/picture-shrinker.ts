import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { withoutMetadata, type Shrink } from '@qiyue/edge';
import type { Logger } from '@qiyue/platform';
import { z } from 'zod';
import { fileTypeOf, type FileType } from './file-content';

const DECODER = join(__dirname, '../../bin/picture-decoder.mjs');
/** What there is a decoder for; that of HEIC may not be shipped freely. */
const DECODED: ReadonlySet<string> = new Set<FileType>(['image/jpeg', 'image/png', 'image/webp']);
const HEAP_MB = 64;
/** At its end whoever sent them has waited long enough: a photo of a phone takes a tenth of it. */
const DECODED_WITHIN_MS = 5_000;
/** One that has waited so long for its turn is kept as it came. */
const TURN_WITHIN_MS = 3_000;
/** As many as may be on their way in at once. */
const WAITING_MAX = 16;
/** What a decoder without work would keep is more than its start costs. */
const IDLE_MS = 60_000;

/**
 * What becomes of a picture. All but `shrunk` are kept as they came, without metadata: `small`: nothing is to be gained; `animated`; `other-format`; `refused`: by
 * the decoder; `late`: it took too long; `died`: of its bytes, or of the memory they asked for; `busy`: too many before it; `unavailable`: no decoder for this system.
 */
export type PictureOutcome = DecoderOutcome | 'other-format' | 'late' | 'died' | 'busy';
type DecoderOutcome = (typeof DECODER_OUTCOMES)[number];
const DECODER_OUTCOMES = ['shrunk', 'small', 'animated', 'refused', 'unavailable'] as const;
const AS_MEANT: ReadonlySet<PictureOutcome> = new Set(['shrunk', 'small']);
const END_OF_DECODER: ReadonlySet<PictureOutcome> = new Set(['late', 'died', 'unavailable']);

interface Answer {
  readonly outcome: PictureOutcome;
  readonly content?: Buffer | undefined;
}
const decoderAnswer = z.strictObject({ outcome: z.enum(DECODER_OUTCOMES), content: z.custom<Buffer>(Buffer.isBuffer).optional() });

const OTHER_FORMAT: Answer = { outcome: 'other-format' };
const REFUSED: Answer = { outcome: 'refused' };
const BUSY: Answer = { outcome: 'busy' };
const LATE: Answer = { outcome: 'late' };
const DIED: Answer = { outcome: 'died' };
const UNAVAILABLE: Answer = { outcome: 'unavailable' };

export interface PictureShrinkerOptions {
  readonly log: Pick<Logger, 'warn'>;
  readonly count: (outcome: PictureOutcome) => void;
  /** By whom; from the command line of Node. */
  readonly decoder?: string;
  readonly decodedWithinMs?: number;
  readonly turnWithinMs?: number;
  readonly idleMs?: number;
}

/**
 * Makes pictures smaller in a process of its own, which decodes one at a time, starts with the first and ends when none comes for a minute. Bytes that stop, bloat or
 * crash a decoder cost that process and nothing else.
 */
export class PictureShrinker {
  private decoder: ChildProcess | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private isUnavailable = false;
  private readonly told = new Set<PictureOutcome>();
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly options: PictureShrinkerOptions) {}

  /** The process that decodes now, or waits for a picture. */
  get pid(): number | undefined {
    return this.decoder?.pid;
  }

  readonly shrink: Shrink = async (content, mediaType) => {
    if (!mediaType.startsWith('image/')) return null;
    const { outcome, content: smaller } = DECODED.has(mediaType) ? await asPicture(await this.inTurn(content, mediaType), mediaType) : OTHER_FORMAT;
    this.tell(outcome);
    return smaller ?? null;
  };

  /** What is at work is kept as it came. */
  close(): void {
    this.isUnavailable = true;
    this.end();
  }

  private async inTurn(content: Buffer, mediaType: string): Promise<Answer> {
    if (this.waiting >= WAITING_MAX) return BUSY;
    const until = performance.now() + (this.options.turnWithinMs ?? TURN_WITHIN_MS);
    this.waiting += 1;
    const turn = this.last.then(() => (performance.now() > until ? BUSY : this.decoded(content, mediaType))).catch(() => DIED);
    this.last = turn;
    const answer = await turn;
    this.waiting -= 1;
    return answer;
  }

  private decoded(content: Buffer, mediaType: string): Promise<Answer> {
    if (this.isUnavailable) return Promise.resolve(UNAVAILABLE);
    clearTimeout(this.idle);
    const decoder = this.decoder ?? this.start();
    return new Promise((resolve) => {
      decoder.send({ content, mediaType }, () => undefined); // one that is gone is told by its end
      const done = (answer: Answer): void => {
        clearTimeout(late);
        decoder.removeAllListeners('message').off('close', died);
        this.settle(answer);
        resolve(answer);
      };
      const died = (): void => done(DIED);
      const late = setTimeout(() => done(LATE), this.options.decodedWithinMs ?? DECODED_WITHIN_MS);
      decoder.once('message', (answer) => done(decoderAnswer.safeParse(answer).data ?? DIED)).once('close', died);
    });
  }

  private settle({ outcome }: Answer): void {
    if (outcome === 'unavailable') this.isUnavailable = true;
    if (END_OF_DECODER.has(outcome)) this.end();
    else this.idle = setTimeout(() => this.end(), this.options.idleMs ?? IDLE_MS).unref();
  }

  /** It inherits nothing of ours: no settings, no secrets, no open files. */
  private start(): ChildProcess {
    const decoder = fork(this.options.decoder ?? DECODER, [], {
      env: { MALLOC_ARENA_MAX: '2' },
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const forget = (): void => {
      if (this.decoder === decoder) this.decoder = null;
    };
    decoder.on('error', forget).on('close', forget);
    this.decoder = decoder;
    return decoder;
  }

  private end(): void {
    clearTimeout(this.idle);
    this.decoder?.kill('SIGKILL');
    this.decoder = null;
  }

  /** Once for each reason; how often stands in the metrics. */
  private tell(outcome: PictureOutcome): void {
    this.options.count(outcome);
    if (AS_MEANT.has(outcome) || this.told.has(outcome)) return;
    this.told.add(outcome);
    this.options.log.warn({ outcome }, 'a picture is kept in its size');
  }
}

/** Whatever took the decoder over could answer anything: it is looked at like what a stranger sent. */
const asPicture = async (answer: Answer, mediaType: string): Promise<Answer> => {
  if (answer.content === undefined) return answer;
  const content = (await fileTypeOf(answer.content)) === mediaType ? withoutMetadata(answer.content, mediaType) : null;
  return content === null ? REFUSED : { ...answer, content };
};
