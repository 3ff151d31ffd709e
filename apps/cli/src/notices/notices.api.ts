import { ProblemError, problemOf } from '@qiyue/client';
import { CliError, runningStack, tokenFor, type Language, type WhoOptions } from '../context';

/** Persons and robots that notices can reach outside of the inbox. The server's schema says what stands in them. */
export interface DirectoryDocument {
  readonly persons: readonly Person[];
  readonly robots: readonly Robot[];
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

export interface Asking extends WhoOptions {
  readonly lang: Language;
}

/** An operator by name, for what takes two of them; else whoever the environment or the local stack says. */
export const asOperator = (actor: string | undefined): Asking => ({ lang: 'en', ...(actor === undefined ? {} : { actor, role: 'operator' }) });

const TIMEOUT_MS = 30_000;

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** One request of the API's; bytes go as they are. Throws `ProblemError` for its "no", `CliError` when it cannot be reached; undefined for an empty answer. */
export const askApi = async <T>(method: Method, path: string, who: Asking, body?: object): Promise<T | undefined> => {
  const text = await (await send(method, path, who, body)).text();
  return text === '' ? undefined : (JSON.parse(text) as T);
};

/** The same for what is no JSON. */
export const askForBytes = async (path: string, who: Asking): Promise<Buffer> => Buffer.from(await (await send('GET', path, who)).arrayBuffer());

const send = async (method: Method, path: string, who: Asking, body?: object): Promise<Response> => {
  const base = (process.env['QIYUE_API_URL'] ?? runningStack().api).replace(/\/+$/, '');
  const type = body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
  const headers = { authorization: `Bearer ${await tokenFor(who)}`, 'accept-language': who.lang, 'content-type': type };
  const response = await fetch(`${base}${path}`, {
    method,
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new CliError(`the API at ${base} does not answer: ${causeOf(error)}`);
  });
  if (!response.ok) throw new ProblemError(problemOf(response.status, await response.text()));
  return response;
};

const causeOf = (error: unknown): string => {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; readonly name?: string };
  return typeof cause?.code === 'string' ? cause.code : (name ?? 'failed');
};
