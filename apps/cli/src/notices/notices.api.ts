import { ProblemError, type QiyueClient } from '@qiyue/client';
import { CliError, clientFor, type Language, type WhoOptions } from '../context';
import { inWords, language } from '../show/language';
import { NO_ANSWER } from '../show/sentences';

/** Persons and robots that notices can reach outside of the inbox. The server's schema says what stands in them. */
export interface DirectoryDocument {
  readonly persons: readonly Person[];
  readonly robots: readonly Robot[];
  /** Left out: none, as in every directory of before there were places. */
  readonly communities?: readonly Place[];
  readonly units?: readonly Place[];
}
/** A community with its compounds, or a unit. */
export interface Place {
  readonly name: string;
  readonly shortNames?: readonly string[];
  readonly compounds?: readonly Omit<Place, 'compounds'>[];
}
export interface Person {
  readonly id: string;
  readonly role: string;
  readonly unit: string | null;
  readonly language?: string;
  readonly email?: string;
  readonly phone?: string;
}
export interface Robot {
  readonly id: string;
  readonly kind: string;
  readonly role?: string;
  readonly unit?: string | null;
  /** Without the key, as far as the server shows it. */
  readonly url?: string;
}

/** A notice as the operator sees it: how far it has come, never what it says. */
export interface NoticeRow {
  readonly noticeId: string;
  /** The entity's id, under the name that its aggregate has for it. */
  readonly [idName: string]: unknown;
  readonly seq: number;
  readonly type: string;
  readonly channel: string;
  readonly state: string;
  readonly reason?: string | null;
  readonly attempts?: number;
}
export interface NoticePage {
  readonly items: readonly NoticeRow[];
  readonly nextCursor: string | null;
}

/** One notice of a step of a ladder. */
export interface ToldRow {
  readonly to: { readonly as: string; readonly role: string | null; readonly unit: string | null; readonly id: string | null };
  readonly channel: string;
  readonly delivery: string;
  readonly toldAt: string | null;
  readonly readAt: string | null;
}
/** The steps of deadlines that were taken, and who was told of each. */
export interface Ladder {
  readonly deadlines: readonly {
    readonly stage: string;
    readonly dueAt: string;
    readonly steps: readonly {
      readonly kind: string;
      readonly level: number;
      readonly name: string | null;
      readonly firedAt: string;
      readonly told: readonly ToldRow[];
    }[];
  }[];
}

export interface Asking extends WhoOptions {
  readonly lang: Language;
}

/** An operator by name, for what takes two of them; else whoever the environment or the local stack says. */
export const asOperator = (actor: string | undefined): Asking => ({ lang: language(), ...(actor === undefined ? {} : { actor, role: 'operator' }) });

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** One request of the API's; bytes go as they are. Throws `ProblemError` for its "no", `CliError` when it cannot be reached; undefined for an empty answer. */
export const askApi = <T>(method: Method, path: string, who: Asking, body?: object): Promise<T | undefined> =>
  reached(who, (client) => client.request<T | undefined>(method, path, body));

/** As `askApi`, where an empty answer would be none: throws `CliError` for it. */
export const answerOf = async <T>(...asked: Parameters<typeof askApi>): Promise<T> => {
  const answer = await askApi<T>(...asked);
  if (answer === undefined) throw new CliError(inWords(NO_ANSWER));
  return answer;
};

/** As `askApi`, for what is no JSON. */
export const askForBytes = (path: string, who: Asking): Promise<Uint8Array> => reached(who, (client) => client.bytes('GET', path));

const reached = async <T>(who: Asking, ask: (client: QiyueClient) => Promise<T>): Promise<T> => {
  const client = await clientFor(who, who.lang);
  return ask(client).catch((error: unknown) => {
    if (error instanceof ProblemError) throw error;
    throw new CliError(
      inWords({
        'zh-CN': `${client.baseUrl} 的接口没有应答：${causeOf(error)}`,
        en: `the API at ${client.baseUrl} does not answer: ${causeOf(error)}`,
      }),
    );
  });
};

const causeOf = (error: unknown): string => {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; readonly name?: string };
  return typeof cause?.code === 'string' ? cause.code : (name ?? 'failed');
};
