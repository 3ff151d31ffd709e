import { describe, expect, it } from '@jest/globals';
import { digestOf, type Digestible } from './digest';

const notice = (n: number, changes: Partial<Digestible> = {}): Digestible => ({
  ...{ key: `k${n}`, link: `/needs/need${n}`, subject: `S${n}`, text: `T${n}`, urgent: false, at: `2025-01-20T09:0${n}:00.000+08:00` },
  ...changes,
});

describe('a digest', () => {
  it('of one is that one', () => {
    expect(digestOf([notice(1)], 'en')).toEqual({ key: 'k1', subject: 'S1', text: 'T1' });
  });

  it('of several lists them with their ways, urgent ones first, then in order of time', () => {
    const { subject, text } = digestOf([notice(3), notice(1), notice(2, { urgent: true })], 'zh-CN');
    expect(subject).toBe('契约：3 条通知');
    expect(text).toBe('1. S2\n/needs/need2\n2. S1\n/needs/need1\n3. S3\n/needs/need3');
  });

  it('has the same key for the same notices in whatever order, and another for others', () => {
    const keys = [digestOf([notice(1), notice(2)], 'en'), digestOf([notice(2), notice(1)], 'zh-CN'), digestOf([notice(1), notice(3)], 'en')].map(
      ({ key }) => key,
    );
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
  });

  it('of twenty with long Chinese titles stays within the bytes of a robot\u2019s message', () => {
    const subject = `即将到期：${'楼'.repeat(200)}`;
    const { text } = digestOf(
      Array.from({ length: 20 }, (_, n) => notice(n % 9, { key: `k${n}`, subject, link: '/needs/0123456789abcdefghjkmnpqrs' })),
      'zh-CN',
    );
    expect(Buffer.byteLength(text)).toBeLessThan(4_096);
  });
});
