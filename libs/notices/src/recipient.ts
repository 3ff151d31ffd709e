/** Somebody by the id of their token, or whoever holds a post: a role and its unit, or all of a role when `unit` is null. */
export type Recipient =
  { readonly kind: 'actor'; readonly id: string } | { readonly kind: 'post'; readonly role: string; readonly unit: string | null };

export const actor = (id: string): Recipient => ({ kind: 'actor', id });
export const post = (role: string, unit: string | null): Recipient => ({ kind: 'post', role, unit });

/** `:` and `/` part the pieces of keys, so they do not stand inside of one. */
const plain = (text: string): string => text.replace(/[%:/*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** Unique text of a recipient: `actor/<id>`, `post/<role>/<unit>`, `post/<role>/*`. */
export const recipientKey = (recipient: Recipient): string =>
  recipient.kind === 'actor'
    ? `actor/${plain(recipient.id)}`
    : `post/${plain(recipient.role)}/${recipient.unit === null ? '*' : plain(recipient.unit)}`;

const unplain = (text: string): string => text.replace(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** The recipient that a key is of: what `recipientKey` has made. */
export const recipientOf = (key: string): Recipient => {
  const [kind, name = '', unit = ''] = key.split('/');
  return kind === 'actor' ? actor(unplain(name)) : post(unplain(name), unit === '*' ? null : unplain(unit));
};

interface Reader {
  readonly id: string;
  readonly role: string;
  readonly unit: string | null;
}

/** Every recipient that a reader is, as keys: what an inbox shows is addressed to one of them. */
export const addressesOf = ({ id, role, unit }: Reader): readonly string[] =>
  [actor(id), ...(unit === null ? [] : [post(role, unit)]), post(role, null)].map(recipientKey);
