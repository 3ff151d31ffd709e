/**
 * Makes the built-in calendar from `chinese-days` and the list of notices: `node infra/calendar/make-document.mjs`; with
 * `--check`, exit code 1 when the file in the repository is another.
 *
 * The package answers for years that it knows nothing of, so only years with a notice are asked for. For a new year: add its
 * notice to `notices.json`, raise the package, and check the result against the notice's own text.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { getDayDetail } = createRequire(import.meta.url)('chinese-days');
const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = join(HERE, '../../libs/calendar/src/data/cn-2024-2026.json');
const NOTICES = JSON.parse(readFileSync(join(HERE, 'notices.json'), 'utf8'));
const DAY_MS = 86_400_000;
/** The package's names that are not the notices'. */
const FULL_NAMES = { 清明: '清明节', 端午: '端午节', 中秋: '中秋节' };

const datesOf = (year) => {
  const [first, end] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  return Array.from({ length: (end - first) / DAY_MS }, (_, index) => new Date(first + index * DAY_MS).toISOString().slice(0, 10));
};

/** Days that a notice names have `English,Chinese,days of the law` for a name; all others the English weekday. */
const listedDay = (date) => {
  const { work, name } = getDayDetail(date);
  const [english, chinese] = name.split(',');
  if (chinese === undefined) return [];
  const full = FULL_NAMES[chinese] ?? chinese;
  return work
    ? [{ work, day: { date, name: `${full}调休`, nameEn: `make-up day for ${english}` } }]
    : [{ work, day: { date, name: full, nameEn: english } }];
};

const days = NOTICES.flatMap(({ year }) => {
  const listed = datesOf(year).flatMap(listedDay);
  if (!listed.some(({ work }) => !work)) throw new Error(`chinese-days lists no holiday of ${year}`);
  return listed;
});
const years = NOTICES.map(({ year }) => year);

const document = {
  version: `cn-${years[0]}-${years.at(-1)}.1`,
  name: '国务院办公厅公布的节假日安排',
  covers: { from: `${years[0]}-01-01`, to: `${years.at(-1)}-12-31` },
  holidays: days.filter(({ work }) => !work).map(({ day }) => day),
  makeUpDays: days.filter(({ work }) => work).map(({ day }) => day),
  sources: NOTICES.map(({ title, number, date }) => ({ title, number, date })),
};

/** One line a day, so that people can read it and a change shows as the days that changed. */
const lines = (list) => list.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
const text = `{
  "version": ${JSON.stringify(document.version)},
  "name": ${JSON.stringify(document.name)},
  "covers": ${JSON.stringify(document.covers)},
${['holidays', 'makeUpDays', 'sources'].map((key) => `  "${key}": [\n${lines(document[key])}\n  ]`).join(',\n')}
}
`;

if (!process.argv.includes('--check')) writeFileSync(TARGET, text);
else if (readFileSync(TARGET, 'utf8') !== text) {
  process.stderr.write('the built-in calendar is not what infra/calendar/make-document.mjs makes\n');
  process.exitCode = 1;
}
