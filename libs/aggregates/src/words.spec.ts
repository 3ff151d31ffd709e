import { describe, expect, it } from '@jest/globals';
import { eventWordsOf } from '@qiyue/aggregate';
import type { Texts } from '@qiyue/civic-domain';
import { AGGREGATES } from './index';

const HAN = /\p{Script=Han}/u;
/** Said in Chinese, and in English without a word of Chinese. */
const isInBoth = (texts: Texts | undefined): boolean => texts !== undefined && HAN.test(texts['zh-CN']) && texts.en !== '' && !HAN.test(texts.en);

describe.each(AGGREGATES.map((aggregate) => [aggregate.decider.aggregate, aggregate] as const))('words of %s', (_, aggregate) => {
  it('has a word in both languages for every event', () => {
    expect(Object.keys(aggregate.events).filter((type) => !isInBoth(eventWordsOf(aggregate, type)))).toEqual([]);
    expect(Object.keys(aggregate.eventWords ?? {}).filter((type) => aggregate.events[type] === undefined)).toEqual([]);
  });

  it('says in both languages what each command does and what its questions are', () => {
    const commands = Object.entries(aggregate.commands).map(([name, { summary }]) => [name, summary] as const);
    const questions = [...(aggregate.questions ?? []), ...(aggregate.queries ?? []).filter(({ verb }) => verb !== undefined)];
    const all = [...commands, ...questions.map(({ summary, title }) => [summary, title] as const)];
    expect(all.filter(([, texts]) => !isInBoth(texts)).map(([name]) => name)).toEqual([]);
  });
});
