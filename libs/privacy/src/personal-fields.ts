/** What stands under a path of personal fields: text, or a list of texts. The name is the last one of the path. */
export type VisitText = (text: string, field: string, path: string) => string;

type VisitField = (text: string, field: string) => string;

/** A copy in which every text under these paths (`evidence[].text`, `photos`) is what `visit` gives for it. */
export const mapTextsAt = (data: unknown, paths: readonly string[], visit: VisitText): unknown =>
  paths.reduce((value, path) => mapAt(value, path.replace(/\[\]/g, '.[]').split('.'), '', (text, field) => visit(text, field, path)), data);

const mapAt = (value: unknown, [head, ...rest]: readonly string[], field: string, visit: VisitField): unknown => {
  if (head === undefined) return mapTexts(value, field, visit);
  if (head === '[]') return Array.isArray(value) ? value.map((item: unknown) => mapAt(item, rest, field, visit)) : value;
  if (!isObject(value) || !Object.hasOwn(value, head)) return value;
  return { ...value, [head]: mapAt(value[head], rest, head, visit) };
};

const mapTexts = (value: unknown, field: string, visit: VisitField): unknown => {
  if (typeof value === 'string') return visit(value, field);
  return Array.isArray(value) ? value.map((item: unknown) => mapTexts(item, field, visit)) : value;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
