import { describe, expect, it } from '@jest/globals';
import { newNeedsFor } from './new-needs';

const need = (needId: string, category: string | null, community: string) => ({
  ...{ needId, title: `need ${needId}`, category, community },
  ...{ dueAt: '2024-07-03T18:00:00.000+08:00', createdAt: '2024-07-01T08:00:00.000+08:00' },
});
const NEEDS = [need('n1', 'water', 'Lakeside'), need('n2', 'roads', 'Lakeside'), need('n3', null, 'Hill')];
const SINCE = '2024-06-30T08:00:00.000+08:00';
const known = (unit: string, of: 'category' | 'community', name: string) => ({ unit, of, name });

const subjects = (units: readonly string[], records: Parameters<typeof newNeedsFor>[2]) =>
  newNeedsFor(NEEDS, units, records, SINCE).map(({ recipient, words }) => [
    recipient.kind === 'post' && recipient.unit,
    words('en', '').subject.replace(/\D+/, ''),
  ]);

describe('what is new for a department', () => {
  it('is what comes in categories and communities in which it has claimed before', () => {
    expect(subjects([], [known('Water', 'category', 'water'), known('Parks', 'community', 'Hill'), known('Tax', 'category', 'tax')])).toEqual([
      ['Parks', '1'],
      ['Water', '1'],
    ]);
  });

  it('is everything for one that has claimed nothing yet', () => {
    expect(subjects(['Water', 'New'], [known('Water', 'category', 'water')])).toEqual([
      ['New', '3'],
      ['Water', '1'],
    ]);
  });

  it('names each with its number, community, date and link, and how many more there are', () => {
    const many = Array.from({ length: 22 }, (_, n) => need(`m${n}`, null, 'Hill'));
    const [told] = newNeedsFor(many, ['Water'], [], SINCE);
    const { subject, text } = told?.words('zh-CN', 'https://qiyue.example') ?? { subject: '', text: '' };
    expect(subject).toBe('可认领的新需求 22 项');
    expect(text.split('\n')[0]).toMatch(/^1\. need m0（240701-\w{6}-\w，Hill，认领期限2024年7月3日（星期三）18:00）$/);
    expect(text.split('\n').slice(1, 2)).toEqual(['https://qiyue.example/needs/m0']);
    expect(text.split('\n').slice(-3)).toEqual([
      '另有 2 项，见列表。',
      '列表：',
      'https://qiyue.example/v1/needs?community=Hill&from=2024-06-30&stage=submitted',
    ]);
  });

  it('leads to the list of their one category, else of their one community, else of all that is new', () => {
    const lists = newNeedsFor(NEEDS, ['New'], [known('Water', 'category', 'water'), known('Lake', 'community', 'Lakeside')], SINCE);
    expect(lists.map(({ list }) => list.replace('from=2024-06-30&stage=submitted', '…'))).toEqual([
      '/v1/needs?community=Lakeside&…',
      '/v1/needs?…',
      '/v1/needs?category=water&…',
    ]);
  });
});
