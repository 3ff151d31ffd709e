import { mapTextsAt, sealedBy } from '@qiyue/adapters';
import { commandTypeOf, PERSONAL_FIELDS } from '@qiyue/need-contracts';

export const REMOVED = '[removed]';

/** A dead letter stays for ever, so what stands in its personal fields in the open is taken out; all else stays to the byte. */
export const withoutPersonal = (text: string): string => {
  const event = parse(text);
  const type = commandTypeOf(String(event?.['type']));
  if (event === null || type === null) return text;
  let hasPlain = false;
  const data = mapTextsAt(event['data'], PERSONAL_FIELDS.commands[type] ?? [], (value) => {
    if (sealedBy(value) !== null) return value;
    hasPlain = true;
    return REMOVED;
  });
  return hasPlain ? JSON.stringify({ ...event, data }) : text;
};

const parse = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
};
