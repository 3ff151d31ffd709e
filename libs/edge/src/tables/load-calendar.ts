import { CHINA_2024_2026, applyOverrides, checkDocument, isOverrides, type CalendarDocument, type Checked } from '@qiyue/calendar';
import { readTextFile } from '@qiyue/platform';

/**
 * The calendar in a file: a whole one, or a county's changes (a file with `basedOn`) applied to `base`. A file whose content is
 * wrong gives every mistake in it; one that cannot be read throws what Node says.
 */
export const loadCalendarFile = async (path: string, base: CalendarDocument = CHINA_2024_2026): Promise<Checked<CalendarDocument>> => {
  const read = parseJson(await readTextFile(path));
  if (!read.ok) return read;
  return isOverrides(read.value) ? applyOverrides(base, read.value) : checkDocument(read.value);
};

const parseJson = (text: string): Checked<unknown> => {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, mistakes: [{ kind: 'not-json', where: '', detail: error instanceof Error ? error.message : '' }] };
  }
};
