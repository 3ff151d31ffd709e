/** Deeper than anything that is meant to be written by hand or by a program here; what walks a value may then call itself for each level. */
export const NESTING_MAX = 32;

const [QUOTE, BACKSLASH, OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x7b, 0x5d, 0x7d];

/**
 * Whether JSON nests deeper than `max`, told by its brackets before anything is parsed or walked. Bytes of UTF-8 or text; what is no JSON
 * gets an answer too, which then means nothing.
 */
export const isTooDeep = (json: string | Uint8Array, max = NESTING_MAX): boolean => {
  const codeAt = typeof json === 'string' ? (at: number) => json.charCodeAt(at) : (at: number) => json[at] as number;
  let [depth, isText] = [0, false];
  for (let at = 0; at < json.length; at += 1) {
    const code = codeAt(at);
    if (isText) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isText = false;
    } else if (code === QUOTE) isText = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1;
      if (depth > max) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
  }
  return false;
};

export type ParsedJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: 'not JSON' | 'nested too deep' };

/** Editors on Windows begin a file with this mark, which JSON does not know. */
export const withoutBom = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text);

/** Parses JSON from outside. Never throws. */
export const parseJson = (json: string): ParsedJson => {
  const text = withoutBom(json);
  if (isTooDeep(text)) return { ok: false, why: 'nested too deep' };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, why: 'not JSON' };
  }
};

/** Characters of a text in which the place of a fault is looked for: it is parsed as often as its length can be halved. */
export const FAULT_SOUGHT_MAX = 65_536;

/** Where a text stops being JSON, for whoever has to mend it; a parser's own words quote the text. Of a long one only whether that is near its beginning. */
export const jsonFault = (json: string): string => {
  const text = withoutBom(json);
  if (text.trim() === '') return 'not JSON: empty';
  const sought = text.slice(0, FAULT_SOUGHT_MAX);
  if (canGoOn(sought)) return `not JSON: ${sought === text ? 'ends too early,' : 'somewhere'} behind character ${sought.length}`;
  let [good, broken] = [0, sought.length];
  while (broken - good > 1) {
    const middle = Math.floor((good + broken) / 2);
    if (canGoOn(text.slice(0, middle))) good = middle;
    else broken = middle;
  }
  return `not JSON: character ${broken}`;
};

/** It is JSON, or the beginning of some. */
const canGoOn = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    return /end of JSON input/.test(message) || /at position (\d+)/.exec(message)?.[1] === String(text.length);
  }
};
