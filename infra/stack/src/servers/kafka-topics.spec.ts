import { describe, expect, it } from '@jest/globals';
import { AUDIT_TOPIC } from '@qiyue/audit';
import { topicsOf as namesOfTopics } from '@qiyue/edge';
import { allTopics, mendedSettings, topicsOf } from './kafka-topics';

const SHAPE = { topic: 'qiyue.need.events', configEntries: [{ name: 'max.message.bytes', value: '2097152' }] };
const inSyncOf = (own: readonly { readonly name: string; readonly value: string }[], copies: number): string | undefined =>
  (mendedSettings(own, SHAPE, copies) ?? own).find(({ name }) => name === 'min.insync.replicas')?.value;
const settled = (copies: number) => mendedSettings([], SHAPE, copies) ?? [];

it('makes every topic that is missed when it is gone, and no other', () => {
  expect(
    allTopics(['need'])
      .map(({ topic }) => topic)
      .sort(),
  ).toEqual([...namesOfTopics(['need'])].sort());
});

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

const DAY_MS = 86_400_000;
const [events] = topicsOf('need').filter(({ topic }) => topic === 'qiyue.need.events');
const SAFE = {
  'compression.type': 'uncompressed',
  'message.timestamp.type': 'LogAppendTime',
  'max.message.bytes': '2097152',
  'min.insync.replicas': '1',
};
const own = (settings: Readonly<Record<string, string>>) => Object.entries({ ...SAFE, ...settings }).map(([name, value]) => ({ name, value }));
const mended = (topic: string, settings: Readonly<Record<string, string>>) => {
  const entries = mendedSettings(own(settings), { ...events, topic });
  return entries === null ? null : Object.fromEntries(entries.map(({ name, value }) => [name, value]));
};
const KEPT = { 'cleanup.policy': 'delete', 'retention.bytes': '-1', 'retention.ms': '-1' };

describe('the topic of facts', () => {
  it('keeps them six months at least, whatever it was set to before', () => {
    expect(mended(AUDIT_TOPIC, { ...KEPT, 'retention.ms': String(7 * DAY_MS) })).toMatchObject(KEPT);
    expect(mended(AUDIT_TOPIC, { ...KEPT, 'retention.bytes': '1000' })).toMatchObject(KEPT);
    expect(mended(AUDIT_TOPIC, { ...KEPT, 'cleanup.policy': 'compact' })).toMatchObject(KEPT);
    expect(mended(AUDIT_TOPIC, { 'cleanup.policy': 'delete' })).toMatchObject(KEPT); // the broker's own default is a week
  });
  it('may keep them for longer than that and not for ever', () => {
    expect(mended(AUDIT_TOPIC, { ...KEPT, 'retention.ms': String(400 * DAY_MS) })).toBeNull();
    expect(mended(AUDIT_TOPIC, KEPT)).toBeNull();
  });
  it('is the only one whose time is looked at', () => {
    expect(mended('qiyue.need.commands', { 'retention.ms': String(DAY_MS) })).toBeNull();
  });
});
