import { describe, expect, it } from '@jest/globals';
import { mendedSettings } from './kafka-topics';

const SHAPE = { configEntries: [{ name: 'max.message.bytes', value: '2097152' }] };
const inSyncOf = (own: readonly { readonly name: string; readonly value: string }[], copies: number): string | undefined =>
  (mendedSettings(own, SHAPE, copies) ?? own).find(({ name }) => name === 'min.insync.replicas')?.value;
const settled = (copies: number) => mendedSettings([], SHAPE, copies) ?? [];

describe('how many brokers must have a message', () => {
  it.each([
    [1, '1'],
    [2, '1'],
    [3, '2'],
    [5, '2'],
  ])('of %i that hold a topic is %s', (copies, inSync) => {
    expect(inSyncOf([], copies)).toBe(inSync);
    expect(mendedSettings(settled(copies), SHAPE, copies)).toBeNull();
  });

  it('stays what somebody has raised it to, and never more than there are', () => {
    const raised = [{ name: 'min.insync.replicas', value: '3' }];
    expect([inSyncOf(raised, 5), inSyncOf(raised, 3), inSyncOf(raised, 2)]).toEqual(['3', '3', '2']);
    expect(inSyncOf([{ name: 'min.insync.replicas', value: '1' }], 3)).toBe('2');
  });
});
