import { exactLocationText, mapTextsAt, parseJson, sealedBy } from '@qiyue/adapters';
import { commandTypeOf, PERSONAL_FIELDS } from '@qiyue/need-contracts';

export const REMOVED = '[removed]';

/** A dead letter stays for ever, so what stands in its personal fields in the open is taken out; all else stays to the byte. Never throws. */
export const withoutPersonal = (text: string): string => {
  const json = parseJson(text);
  const event = json.ok && typeof json.value === 'object' && json.value !== null ? (json.value as Readonly<Record<string, unknown>>) : null;
  const type = typeof event?.['type'] === 'string' ? commandTypeOf(event['type']) : null;
  if (event === null || type === null) return text;
  const { value: data, hasPlain } = withoutPlain(event['data'], PERSONAL_FIELDS.commands[type] ?? []);
  return hasPlain ? JSON.stringify({ ...event, data }) : text;
};

/** The same for a message in binary mode, whose value is the data and whose type is a header. */
export const dataWithoutPersonal = (text: string, cloudEventType: string): string => {
  const json = parseJson(text);
  const type = commandTypeOf(cloudEventType);
  if (!json.ok || type === null) return text;
  const { value, hasPlain } = withoutPlain(json.value, PERSONAL_FIELDS.commands[type] ?? []);
  return hasPlain ? JSON.stringify(value) : text;
};

const withoutPlain = (data: unknown, paths: readonly string[]): { readonly value: unknown; readonly hasPlain: boolean } => {
  let hasPlain = false;
  const value = mapTextsAt(data, paths, (words) => {
    if (sealedBy(words) !== null) return words;
    hasPlain = true;
    return REMOVED;
  });
  const exact = exactLocationText(value);
  return exact === null ? { value, hasPlain } : { value: { ...(value as object), location: REMOVED }, hasPlain: true };
};
