import { randomUUID } from 'node:crypto';
import {
  accept,
  Entity,
  fingerprintOf,
  refuse,
  toShanghaiIso,
  type Actor,
  type AppendRequest,
  type CommandEnvelope,
  type Decider,
  type EventRecord,
  type OutboxEntry,
} from '@qiyue/engine';

type Note = { readonly type: 'note'; readonly data: { readonly text: string } };
type Noted = { readonly type: 'Noted'; readonly data: { readonly text: string } };

/** Takes every note but an empty one: real records and outcomes, made by the engine itself. */
const notebook: Decider<number, Note, Noted, 'empty'> = {
  aggregate: 'notebook',
  startsWith: 'note',
  initial: 0,
  decide: ({ data: { text } }) => (text === '' ? refuse('empty') : accept({ type: 'Noted', data: { text } })),
  evolve: (count) => count + 1,
  due: () => null,
  isFinal: () => false,
  summary: () => ({}),
};

export const AGGREGATE = notebook.aggregate;
const WRITER: Actor = { id: 'writer', role: 'writer', unit: null };
const FROM_MS = Date.UTC(2024, 6, 1);

/** An id that no adapter has seen: checks may share one ledger, topic server or model. */
export const newId = (): string => `e-${randomUUID()}`;

const commandOf = (entity: string, text: string, n: number): CommandEnvelope => {
  const asked = { entity, type: 'note', data: { text }, actor: WRITER };
  const at = { channel: 'system' as const, receivedAt: toShanghaiIso(FROM_MS + n * 1_000) };
  return { ...asked, ...at, commandId: `c-${randomUUID()}`, fingerprint: fingerprintOf(asked) };
};

/** What an entity hands over for the ledger when it is given these notes; an empty one is refused. */
export const entriesOf = (entity: string, texts: readonly string[]): readonly OutboxEntry[] => {
  const alive = new Entity(notebook, entity);
  texts.forEach((text, n) => alive.handle(commandOf(entity, text, n)));
  return alive.unconfirmed;
};

/** So many notes, of one history: another `name` is another history. */
export const textsOf = (count: number, name = 'note'): readonly string[] => Array.from({ length: count }, (_, i) => `${name} ${i + 1}`);

export const recordsIn = (entries: readonly OutboxEntry[]): readonly EventRecord[] => entries.flatMap(({ records }) => records);
export const recordsOf = (entity: string, texts: readonly string[]): readonly EventRecord[] => recordsIn(entriesOf(entity, texts));
export const requestOf = (entity: string, entries: readonly OutboxEntry[]): AppendRequest => ({ aggregate: AGGREGATE, entity, entries });
