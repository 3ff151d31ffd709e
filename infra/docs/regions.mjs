/**
 * Parts of our Markdown that are made, not written: `<!-- begin <kind> <arguments> -->` … `<!-- end -->`. Pure: whoever
 * reads and writes the files passes their text.
 */
const REGION = /(<!-- begin (\w+)(?: ([^\n]*?))? -->\n)[\s\S]*?(<!-- end -->)/g;

/** The text with every region of a kind in `fillers` made anew; the other regions stay as they are. */
export const fill = (markdown, fillers) =>
  markdown.replace(REGION, (whole, begin, kind, args = '', end) => (Object.hasOwn(fillers, kind) ? `${begin}${fillers[kind](args)}\n${end}` : whole));

/** How often each kind occurs, so that a test can tell an absent region from one that is in step. */
export const kindsIn = (markdown) => [...markdown.matchAll(REGION)].map(([, , kind]) => kind);

const indentOf = (line) => line.length - line.trimStart().length;

/** The block that begins with the line that starts with `anchor`: its deeper lines and the bracket that closes it. */
const blockAt = (lines, anchor) => {
  const found = lines.flatMap((line, i) => (line.trimStart().startsWith(anchor) ? [i] : []));
  if (found.length !== 1) throw new Error(`${found.length} lines begin with «${anchor}»`);
  const [start] = found;
  const indent = indentOf(lines[start]);
  let end = start + 1;
  while (end < lines.length && (lines[end].trim() === '' || indentOf(lines[end]) > indent)) end += 1;
  if (end < lines.length && indentOf(lines[end]) === indent && /^[}\])]/.test(lines[end].trim())) end += 1;
  const block = lines.slice(start, end).map((line) => line.slice(indent));
  while (block.at(-1)?.trim() === '') block.pop();
  return block.join('\n');
};

/** `<path> | <anchor> | …`: the blocks of the source at those anchors, or the whole file without any, as a fenced block. */
export const codeOf = (readSource) => (args) => {
  const [path, ...anchors] = args.split(' | ');
  const source = readSource(path);
  const lines = source.split('\n');
  const text = anchors.length === 0 ? source.trimEnd() : anchors.map((anchor) => blockAt(lines, anchor)).join('\n\n');
  return `\`\`\`${path.split('.').at(-1) === 'ts' ? 'ts' : 'js'}\n${text}\n\`\`\``;
};

const cell = (value) => String(value).replaceAll('|', '\\|');
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

const RELATION_WORDS = {
  author: 'wrote it',
  follower: 'follows it: theirs was merged into it',
  contracted: 'lead, or a helper that joined: both parties have signed, or the author shared the contact with it',
  shared: 'any other unit that the author shared the contact with',
  own: 'of its community; lead, or a helper that joined',
  called: 'called by a whistle, or named as a helper',
  'open-list': 'it is still on the open list',
  other: 'anybody else',
};

/** Tables of who may do, ask for and read what, out of the data that the code decides by. */
export const accessTables = ({ permissions, routeRoles, readingRules, attachRules, fieldSight, roles }) => ({
  commands: () =>
    table(
      ['command', ...roles],
      Object.entries(permissions)
        .filter(([, rules]) => roles.some((role) => rules[role] !== undefined))
        .map(([command, rules]) => [`\`${command}\``, ...roles.map((role) => rules[role] ?? '')]),
    ),
  routes: () =>
    table(
      ['route', 'roles'],
      Object.entries(routeRoles).map(([route, allowed]) => [`\`${route}\``, allowed.join(', ')]),
    ),
  reading: () =>
    table(
      ['role', ...Object.values(RELATION_WORDS)],
      Object.entries(readingRules).map(([role, rules]) => [role, ...Object.keys(RELATION_WORDS).map((relation) => rules[relation] ?? rules.other)]),
    ),
  attaching: () =>
    table(
      ['role', 'may attach where they'],
      Object.entries(attachRules).map(([role, relations]) => [
        role,
        relations.length === Object.keys(RELATION_WORDS).length ? 'anywhere' : relations.map((relation) => RELATION_WORDS[relation]).join('; '),
      ]),
    ),
  fields: () =>
    table(
      ['sight', 'fields that it adds'],
      [...new Set(Object.values(fieldSight))].map((sight) => [
        sight,
        Object.keys(fieldSight)
          .filter((name) => fieldSight[name] === sight)
          .map((name) => `\`${name}\``)
          .join(', '),
      ]),
    ),
});

const SETTINGS_HEAD = { en: ['variable', 'default', 'meaning'], zh: ['变量', '默认值', '含义'] };

/** A table of settings out of the zod shape that checks them. `chinese` holds the meaning of each in Chinese. */
export const settingsTable = (shape, chinese) => (language) =>
  table(
    SETTINGS_HEAD[language],
    Object.entries(shape).map(([name, schema]) => [`\`${name}\``, defaultOf(schema), language === 'zh' ? chinese[name] : schema.description]),
  );

const defaultOf = (schema) => {
  const { success, data } = schema.safeParse(undefined);
  return success && data !== undefined ? `\`${data}\`` : '–';
};
