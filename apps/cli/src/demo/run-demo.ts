import { randomBytes } from 'node:crypto';
import { KafkajsEventBus } from '@qiyue/platform';
import { QiyueClient, type HistoryEvent, type NeedView } from '@qiyue/client';
import { mintToken } from '@qiyue/stack';
import { dataDir, runningStack, type Language } from '../context';
import { castOf } from './actors';
import { CASES, type Case } from './cases';
import { Channels } from './channels';
import { satisfactionLines } from './every-day';
import { scoreboard, type Came, type UnitScore } from './scoreboard';
import { tell, type StoryEnd, type Twist } from './story';
import { openYears, type DemoYear } from './years';

const TWISTS: Readonly<Record<number, Twist>> = { 0: { claimedTwice: true }, 2: { doneAgain: true }, 3: { overBudget: true }, 4: { asksTodo: true } };

export interface ToldNeed {
  readonly story: Case;
  readonly end: StoryEnd;
  readonly need: NeedView;
  readonly events: readonly HistoryEvent[];
}

export interface ToldDemo {
  readonly told: readonly ToldNeed[];
  readonly scores: readonly UnitScore[];
  /** The satisfaction list, as a table. */
  readonly satisfaction: readonly string[];
}

/** Opens the years of the units, runs all cases side by side on the running system, and reads back what became of each, and of the money. */
export const runDemo = async (language: Language): Promise<ToldDemo> => {
  const { api, kafka } = runningStack();
  const publisher = new KafkajsEventBus((kafka ?? '').split(','), 'qiyue-demo').publisher();
  try {
    const channels = new Channels(randomBytes(5).toString('hex'), publisher);
    const person = async (role: string, unit?: string): Promise<QiyueClient> => {
      const token = await mintToken({ dataDir: dataDir(), actor: `demo-${role}`, role, ...(unit === undefined ? {} : { unit }) });
      return new QiyueClient({ baseUrl: api, token, language });
    };
    const [reader, centre] = [await person('supervisor'), await person('centre')];
    const departmentOf = (unit: string): Promise<QiyueClient> => person('department', unit);
    const years = await openYears(CASES, { centre, departmentOf, language, nextKey: () => channels.nextKey() });
    const told = await Promise.all(
      CASES.map(async (story, index) => {
        const year = years.find(({ unit }) => unit === story.unit) as DemoYear;
        const end = await tell(story, { cast: await castOf(story, index, api, language), year, twist: TWISTS[index] ?? {} }, channels, language);
        const { events } = await reader.history(end.needId);
        const need = await reader.need(end.needId, { minSeq: events.at(-1)?.seq ?? 0 });
        return { story, end, need, events };
      }),
    );
    return {
      told,
      satisfaction: await satisfactionLines(
        reader,
        told.map(({ end }) => end.needId),
        language,
      ),
      scores: await scoreboard(
        reader,
        years.map((year) => cameOf(year, told)),
      ),
    };
  } finally {
    await publisher.close();
  }
};

const cameOf = (year: DemoYear, told: readonly ToldNeed[]): Came => {
  const ends = told.filter(({ story }) => story.unit === year.unit).map(({ end }) => end);
  return { year, spentFen: ends.reduce((sum, { spentFen }) => sum + spentFen, 0), fulfilled: ends.filter(({ isPledged }) => isPledged).length };
};
