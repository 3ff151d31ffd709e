import { randomBytes } from 'node:crypto';
import { KafkajsEventBus } from '@qiyue/adapters';
import { QiyueClient, type HistoryEvent } from '@qiyue/client';
import type { NeedView } from '@qiyue/need-views';
import { mintToken } from '@qiyue/stack';
import { dataDir, runningStack, type Language } from '../context';
import { castOf } from './actors';
import { CASES, type Case } from './cases';
import { Channels } from './channels';
import { tell, type StoryEnd, type Twist } from './story';

const TWISTS: Readonly<Record<number, Twist>> = { 0: { claimedTwice: true }, 2: { doneAgain: true } };

export interface ToldNeed {
  readonly story: Case;
  readonly end: StoryEnd;
  readonly need: NeedView;
  readonly events: readonly HistoryEvent[];
}

/** Runs all cases side by side on the running system and reads back what became of each. */
export const runDemo = async (language: Language): Promise<readonly ToldNeed[]> => {
  const { api, kafka } = runningStack();
  const publisher = new KafkajsEventBus((kafka ?? '').split(','), 'qiyue-demo').publisher();
  try {
    const channels = new Channels(randomBytes(5).toString('hex'), publisher);
    const reader = new QiyueClient({
      baseUrl: api,
      token: await mintToken({ dataDir: dataDir(), actor: 'demo-supervisor', role: 'supervisor' }),
      language,
    });
    return await Promise.all(
      CASES.map(async (story, index) => {
        const end = await tell(story, await castOf(story, index, api, language), channels, TWISTS[index] ?? {}, language);
        const { events } = await reader.history(end.needId);
        const need = await reader.need(end.needId, { minSeq: events.at(-1)?.seq ?? 0 });
        return { story, end, need, events };
      }),
    );
  } finally {
    await publisher.close();
  }
};
