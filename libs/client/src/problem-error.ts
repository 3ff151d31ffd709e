import type { Schemas } from './answers';

/** The closed list of what can be refused or go wrong there, and `http-error` for an answer that is no problem document. */
export type ProblemCode = Schemas['Problem']['code'] | 'http-error';

/** RFC 9457 as Qiyue answers it. `code` is the stable name; the texts are for people. */
export type ProblemDocument = Omit<Schemas['Problem'], 'code'> & { readonly code: ProblemCode };

/** The server's "no". Anything else that goes wrong (no connection, no JSON) is an error of its own kind. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(readonly problem: ProblemDocument) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
  }

  get code(): ProblemCode {
    return this.problem.code;
  }
  get status(): number {
    return this.problem.status;
  }
}

/** An answer that is no problem document (a proxy's page) becomes one, so that callers handle one kind. */
export const problemOf = (status: number, text: string): ProblemDocument => {
  try {
    const parsed = JSON.parse(text) as Partial<ProblemDocument>;
    if (typeof parsed.code === 'string') return parsed as ProblemDocument;
  } catch {
    // no JSON
  }
  return { type: 'about:blank', title: `HTTP ${status}`, status, detail: text.slice(0, 200), code: 'http-error' };
};
