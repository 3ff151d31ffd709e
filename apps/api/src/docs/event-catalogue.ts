import type { AnyAggregate } from '@qiyue/aggregate';
import { eventTopicOf } from '@qiyue/engine';
import { eventFactsOf, type EventFacts } from './event-facts';
import type { JsonSchema, SchemaParts } from './json-schema';

interface Shown extends Pick<EventFacts, 'name' | 'description'> {
  /** What is said of it beside its fields, by what it is about. */
  readonly facts: readonly (readonly [string, string])[];
  /** Name, form and meaning of each field of `data`. */
  readonly fields: readonly (readonly [string, string, string])[];
  readonly example: object | undefined;
}
interface Chapter {
  readonly title: string;
  readonly events: readonly Shown[];
}

const FIELDS = ['field', 'form', 'meaning'] as const;

/** Every event of every kind, as Markdown. */
export const catalogueText = (aggregates: readonly AnyAggregate[]): string =>
  chaptersOf(aggregates)
    .flatMap(({ title, events }) => [`## ${title}`, '', ...events.flatMap(eventText)])
    .join('\n')
    .trimEnd();

const eventText = ({ name, description, facts, fields, example }: Shown): readonly string[] => [
  ...[`### ${name}`, '', `${description}.`, '', ...facts.map(([what, text]) => `- ${what}: ${text}`), ''],
  ...(fields.length === 0 ? [] : [row(FIELDS), row(FIELDS.map(() => '---')), ...fields.map(row), '']),
  ...(example === undefined ? [] : ['```json', JSON.stringify(example), '```', '']),
];
const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The same as a page of its own. */
export const cataloguePage = (aggregates: readonly AnyAggregate[]): string =>
  [
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Qiyue: events</title>',
    '<style>body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2em .6em;text-align:left}pre{overflow:auto;background:#f5f5f5;padding:.6em}</style>',
    '<h1>Events</h1>',
    ...chaptersOf(aggregates).flatMap(({ title, events }) => [`<h2>${escaped(title)}</h2>`, ...events.map(eventHtml)]),
    '</html>',
  ].join('\n');

const eventHtml = ({ name, description, facts, fields, example }: Shown): string => {
  const cells = (tag: string, texts: readonly string[]): string => `<tr>${texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
  return [
    `<h3 id="${escaped(name)}">${escaped(name)}</h3><p>${escaped(description)}.</p>`,
    `<ul>${facts.map(([what, text]) => `<li>${escaped(what)}: ${escaped(text)}</li>`).join('')}</ul>`,
    fields.length === 0 ? '' : `<table>${cells('th', FIELDS)}${fields.map((of) => cells('td', of)).join('')}</table>`,
    example === undefined ? '' : `<pre>${escaped(JSON.stringify(example, null, 2))}</pre>`,
  ].join('\n');
};
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const chaptersOf = (aggregates: readonly AnyAggregate[]): readonly Chapter[] =>
  aggregates.map((aggregate) => ({
    title: `${aggregate.noun.en} (${aggregate.noun['zh-CN']}), topic \`${eventTopicOf(aggregate.decider.aggregate)}\``,
    events: eventFactsOf(aggregate).map(shownOf),
  }));

const shownOf = ({ name, description, senders, changes, version, payload, examples }: EventFacts): Shown => ({
  ...{ name, description, example: (examples[0] as { readonly data: object } | undefined)?.data },
  facts: [
    ['comes of', senders.map(senderText).join('; ') || 'a process of ours'],
    ['version of its form', String(version)],
    ['what changed', changes.join('; ') || 'nothing since its first form'],
  ],
  fields: fieldsIn((payload['properties'] as Readonly<Record<string, JsonSchema>>)['data'] ?? {}),
});

/** The system’s own commands are given by nobody from outside. */
const senderText = ({ command, roles }: EventFacts['senders'][number]): string => {
  const outside = roles.filter((role) => role !== 'system');
  return outside.length === 0 ? `\`${command}\` (the system’s own)` : `\`${command}\` (${outside.join(', ')})`;
};

const fieldsIn = (schema: JsonSchema, at = ''): readonly (readonly [string, string, string])[] => {
  const { properties = {}, required = [], items } = schema as SchemaParts;
  const own = Object.entries(properties).flatMap(([name, of]) => {
    const form = `${formOf(of)}${required.includes(name) ? '' : ', may be left out'}${of['x-personal'] === true ? ', sealed' : ''}`;
    return [[`${at}${name}`, form, String(of['description'])] as const, ...fieldsIn(of, `${at}${name}.`)];
  });
  return [...own, ...(items === undefined ? [] : fieldsIn(items, at.replace(/\.$/, '[].')))];
};

const formOf = ({ type, enum: names, items, const: only }: JsonSchema): string => {
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(names)) return names.map((name) => JSON.stringify(name)).join(' | ');
  if (type === 'array') return `list of ${formOf((items ?? {}) as JsonSchema)}`;
  return Array.isArray(type) ? type.join(' or ') : String(type ?? 'any');
};
