import { z } from 'zod';
import { commandId, commandTypeOf } from '@qiyue/need-contracts';
import type { PublicNeedCommandType } from '@qiyue/need-domain';

/** A command as the topic holds it, before its body is looked at: that is for the same door as over HTTP. */
export interface ReadCommand {
  readonly commandId: string;
  readonly type: PublicNeedCommandType;
  readonly needId: string | null;
  readonly body: unknown;
}

export type Read =
  | { readonly ok: true; readonly command: ReadCommand }
  | { readonly ok: false; readonly why: string; /** Known if the message got that far. */ readonly commandId: string | null };

const envelope = z.object({
  specversion: z.literal('1.0'),
  id: commandId,
  source: z.string().min(1).max(500),
  type: z.string().max(200),
  subject: z.string().max(100).optional(),
  data: z.unknown(),
});

/** Reads a CloudEvent in structured JSON. Never throws: the topic is outside input. */
export const readCommand = (text: string | null): Read => {
  const json = parse(text);
  const parsed = envelope.safeParse(json);
  if (!parsed.success) return { ok: false, why: `not a command: ${pathsOf(parsed.error)}`, commandId: idOf(json) };
  const { id, type: cloudEventType, subject, data } = parsed.data;
  const type = commandTypeOf(cloudEventType);
  if (type === null) return { ok: false, why: 'not a command: type', commandId: id };
  return { ok: true, command: { commandId: id, type, needId: type === 'submit' ? null : (subject ?? ''), body: data } };
};

const parse = (text: string | null): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};

const idOf = (json: unknown): string | null => {
  const id = z.object({ id: commandId }).safeParse(json);
  return id.success ? id.data.id : null;
};

/** Only where, never what: a value may be personal. */
const pathsOf = (error: z.ZodError): string => [...new Set(error.issues.map(({ path }) => path.join('.') || '(whole)'))].join(', ').slice(0, 200);
