import busboy from 'busboy';
import { FILE_BYTES_MAX } from '@qiyue/edge';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { actorOf } from './authenticate';
import type { AggregateRoutes } from './aggregate-routes';
import { BODY_BYTES_MAX, parsedBody } from './json-body';
import { Lanes } from './lanes';
import { Problem } from './problem';

/** Photos of one form. */
export const FORM_FILES_MAX = 9;
/** Bytes of one form's files together: it is held in memory until its command is answered. */
export const FORM_BYTES_MAX = 40_000_000;
/** The part that is the command's body. */
export const BODY_PART = 'body';

const NAME_BYTES_MAX = 100;
const HEADERS_MAX = 20;
const lanes = { all: 4, each: 2 } as const;

/** A command's body with the files that came with it, by the fields that they are for. */
export class SentForm {
  constructor(
    readonly body: unknown,
    readonly files: readonly SentFile[],
  ) {}
}
export interface SentFile {
  /** `photos`, `evidence[0].url`. */
  readonly field: string;
  readonly content: Buffer;
}

/** `multipart/form-data` (RFC 7578) at commands that may name files: one part `body`, JSON, and the files, each named as the field that it is for. */
export const formBody = (routes: Pick<AggregateRoutes, 'takesForm'>): RequestHandler => {
  const taken = new Lanes(lanes);
  return (req: Request, res: Response, next: NextFunction): void => {
    if (!routes.takesForm(req)) return next();
    const refused = taken.enter(actorOf(req).id, req, res);
    if (refused !== null) return next(refused);
    readForm(req).then(
      (form) => {
        req.body = form;
        next();
      },
      (error: unknown) => next(error instanceof Problem ? error : Problem.edge('bad-form')),
    );
  };
};

/** Rejects with a `Problem`, or with whatever the parser did not understand. What comes behind that is not read. */
export const readForm = (req: Request): Promise<SentForm> =>
  new Promise((resolve, reject) => {
    const parts = new Parts();
    const parser = busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: {
        // what has just as many as that is cut already
        ...{ fieldNameSize: NAME_BYTES_MAX, fieldSize: BODY_BYTES_MAX + 1, fileSize: FILE_BYTES_MAX + 1, headerPairs: HEADERS_MAX },
        ...{ fields: 1, files: FORM_FILES_MAX + 1, parts: FORM_FILES_MAX + 2 }, // programs send JSON as a file
      },
    });
    let isOver = false;
    const fail = (error: unknown): void => {
      if (isOver) return;
      isOver = true;
      req.unpipe(parser);
      req.resume();
      setImmediate(() => parser.destroy()); // not while it parses
      reject(error as Error);
    };
    const attempt = (work: () => void): void => {
      if (isOver) return;
      try {
        work();
      } catch (error) {
        fail(error);
      }
    };
    const tooMany = (): void => fail(Problem.edge('too-large-form'));
    parser
      .on('field', (name, value, { valueTruncated }) => attempt(() => parts.field(name, value, valueTruncated)))
      .on('file', (name, stream, { filename }) => {
        const chunks: Buffer[] = [];
        stream
          .on('data', (chunk: Buffer) => attempt(() => (parts.grow(chunk.length), chunks.push(chunk))))
          .on('limit', () => fail(Problem.edge('file-too-large')))
          .on('error', fail)
          .on('end', () => attempt(() => parts.file(name, Buffer.concat(chunks), filename)));
      })
      .on('partsLimit', tooMany)
      .on('filesLimit', tooMany)
      .on('fieldsLimit', () => fail(Problem.edge('bad-form')))
      .on('error', fail)
      .on('close', () => attempt(() => resolve(parts.form())));
    req.once('close', () => {
      if (!req.complete) fail(Problem.edge('bad-form'));
    });
    req.pipe(parser);
  });

/** The parts as they come. Throws a `Problem` at the first that does not fit. */
class Parts {
  private json: Buffer | null = null;
  private readonly files: SentFile[] = [];
  private bytes = 0;

  field(name: string, value: string, isCut: boolean): void {
    if (name !== BODY_PART) throw Problem.edge('bad-form');
    if (isCut) throw Problem.edge('too-large');
    this.body(Buffer.from(value, 'utf8'));
  }

  /** A part goes on coming. */
  grow(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > FORM_BYTES_MAX) throw Problem.edge('too-large-form');
  }

  /** A form in which no file was chosen sends an empty one without a name. */
  file(field: string, content: Buffer, filename: string | undefined): void {
    if (field === BODY_PART) return this.body(content);
    if (content.length === 0 && filename === undefined) return;
    if (this.files.length === FORM_FILES_MAX) throw Problem.edge('too-large-form');
    this.files.push({ field, content });
  }

  form(): SentForm {
    if (this.json === null) throw Problem.edge('bad-form');
    return new SentForm(parsedBody(this.json), this.files);
  }

  private body(json: Buffer): void {
    if (this.json !== null) throw Problem.edge('bad-form');
    if (json.length > BODY_BYTES_MAX) throw Problem.edge('too-large');
    this.json = json;
  }
}
