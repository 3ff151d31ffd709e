import { AGGREGATES } from '@qiyue/aggregates';
import { OWNERS } from '@qiyue/need-domain';
import type { HistoryEvent } from '@qiyue/client';
import type { Language } from '../context';
import { wordsFor } from './words';

const need = AGGREGATES.find(({ decider }) => decider.aggregate === 'need');
if (need === undefined) throw new Error('there is no kind of needs');

const told = (type: HistoryEvent['type'], data: HistoryEvent['data'], language: Language): string => wordsFor({ type, data }, language, need).detail;

describe('an event of a need on a line', () => {
  it('says where the money comes from in the reader’s language', () => {
    expect(told('NeedFunded', { amountFen: 3_000_000, source: 'maintenance-fund' }, 'zh-CN')).toBe('¥30,000.00 维修资金');
    expect(told('NeedFunded', { amountFen: 3_000_000, source: 'maintenance-fund' }, 'en')).toBe('CNY 30,000.00 the maintenance fund');
  });

  it('says what the need itself waits for in one language, and what a person wrote as it was written', () => {
    expect(told('ClockPaused', { waitingFor: OWNERS }, 'zh-CN')).toBe('等待 业主共同决定');
    expect(told('ClockPaused', { waitingFor: OWNERS }, 'en')).toBe('waiting for the owners’ decision');
    expect(told('ClockPaused', { waitingFor: '材料到货' }, 'en')).toBe('waiting for 材料到货');
  });
});
