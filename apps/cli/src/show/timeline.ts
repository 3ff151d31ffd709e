import type { HistoryEvent } from '@qiyue/client';
import type { Language } from '../context';
import { secondOf } from './dates';
import { oneLine } from './terminal';
import { wordsFor, whoIs, type Told } from './words';

/** The life of an entity as lines that a person would like to read: when, what, who, and what was said. */
export const timelineOf = (events: readonly HistoryEvent[], language: Language, of: Told): readonly string[] => {
  const rows = events.map((event) => {
    const { what, detail } = wordsFor(event, language, of);
    return { time: secondOf(event.time), what: oneLine(what), who: oneLine(whoIs(event.actor, language)), detail: oneLine(detail) };
  });
  const whatWidth = Math.max(...rows.map(({ what }) => width(what)), 0);
  const whoWidth = Math.max(...rows.map(({ who }) => width(who)), 0);
  return rows.map(({ time, what, who, detail }) => `  ${time}  ${pad(what, whatWidth)}  ${pad(who, whoWidth)}  ${detail}`.trimEnd());
};

/** Columns on a terminal: East Asian wide characters take two. */
export const width = (text: string): number =>
  [...text].reduce(
    (sum, char) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(char) ? 2 : 1),
    0,
  );
export const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)));
