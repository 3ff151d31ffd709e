import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyAggregate, DailyNotice } from '@qiyue/aggregate';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { instantMsOf } from '@qiyue/engine';
import { EMPTY_DIRECTORY, post, type InboxNotice } from '@qiyue/notices';
import { DailyService } from './daily.service';

const words = () => ({ subject: 's', text: 't' });
const common = {
  ...{ policy: DEFAULT_POLICY_DOCUMENT, calendar: compileTable(CHINA_2024_2026), directory: EMPTY_DIRECTORY },
  ...{ preferences: new Map(), channels: new Set<never>(), digestMs: 0 },
};

let asked: unknown[];
let told: Map<string, InboxNotice>;
let last: string | null;
let now: string;
let service: DailyService;
let isAway: boolean;
beforeEach(() => {
  [asked, told, last, isAway] = [[], new Map(), null, false];
  const daily: DailyNotice = {
    type: 'NewNeeds',
    read: (within) => {
      asked.push(within);
      return Promise.resolve([{ recipient: post('department', 'Water'), list: '/v1/needs?from=2024-06-30', words }]);
    },
  };
  service = new DailyService({
    aggregates: [
      { decider: { aggregate: 'need' }, daily } as unknown as AnyAggregate,
      { decider: { aggregate: 'other' } } as unknown as AnyAggregate,
    ],
    progress: { lastOf: () => Promise.resolve(last), note: (_, at) => Promise.resolve(void (last = at)) },
    inbox: {
      insert: (notices) => {
        for (const notice of notices) told.set(notice.key, notice);
        return isAway ? Promise.reject(new Error('away')) : Promise.resolve();
      },
    },
    notices: { insert: () => Promise.resolve() },
    dependencies: { common: () => Promise.resolve(common) },
    models: {} as never,
    clock: { nowMs: () => instantMsOf(now) },
    log: { warn: () => undefined },
  });
});

const lookAt = async (at: string): Promise<void> => {
  now = `${at}:00.000+08:00`;
  await service.look();
};

describe('what is told once a day', () => {
  it('is told when the office has opened, once, of what came until then', async () => {
    for (const at of ['2024-07-01T07:59', '2024-07-01T08:00', '2024-07-01T08:01', '2024-07-01T17:00']) await lookAt(at);
    expect([...told.keys()]).toEqual(['daily-NewNeeds-2024-07-01:post/department/Water:inbox']);
    expect(asked).toEqual([{ from: '2024-06-30T08:00:00.000+08:00', until: '2024-07-01T08:00:00.000+08:00' }]);
  });

  it('waits over a weekend, and then tells what has come since the last time', async () => {
    for (const at of ['2024-07-05T08:00', '2024-07-06T10:00', '2024-07-07T10:00', '2024-07-08T09:00']) await lookAt(at);
    expect(told.size).toBe(2);
    expect(asked.at(-1)).toEqual({ from: '2024-07-05T08:00:00.000+08:00', until: '2024-07-08T08:00:00.000+08:00' });
  });

  it('is the same under the same keys when a process was cut off before it was noted', async () => {
    isAway = true;
    await lookAt('2024-07-01T08:00');
    isAway = false;
    await lookAt('2024-07-01T11:00');
    expect(told.size).toBe(1);
    expect(asked[1]).toEqual(asked[0]);
  });
});
