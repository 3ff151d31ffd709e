import type { BusMember, BusUnderTest, HandedMessage, HandleMessages, SentMessage } from '../conformance/bus-checks';

/** Ways to break a bus, each by one step that is left out or done otherwise. */
export type BusFault =
  | 'loses every tenth message'
  | 'takes an empty value for none'
  | 'cuts long values'
  | 'spreads a key over partitions'
  | 'has one partition at work'
  | 'turns each part round'
  | 'handles parts of a partition at once'
  | 'has one place for all groups'
  | 'begins a new group at the end'
  | 'goes on past a failure'
  | 'takes up what failed at the end'
  | 'forgets where a group was'
  | 'moves on when it hands on'
  | 'forgets the partitions of who left';

type Message = { readonly key: string; readonly value: string };
interface Group {
  readonly next: number[];
  members: Member[];
}
interface Member {
  closed: boolean;
  readonly handle: HandleMessages;
}

const PARTITIONS = 3;
const PART_MAX = 4;
const LONG = 100_000;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
const hashOf = (key: string): number => [...key].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0, 7);

/** A bus in memory, sound unless it is given a fault. A partition is looked after by one member of each group at a time. */
export class MemoryBus implements BusUnderTest {
  private readonly topics = new Map<string, Message[][]>();
  private readonly groups = new Map<string, Group>();
  private sent = 0;

  constructor(private readonly fault: BusFault | null = null) {}

  async newTopic(): Promise<string> {
    await pause();
    const topic = `topic-${this.topics.size}`;
    this.topics.set(
      topic,
      Array.from({ length: PARTITIONS }, () => []),
    );
    return topic;
  }

  async send(topic: string, messages: readonly SentMessage[]): Promise<void> {
    await pause();
    for (const { key, value } of messages) {
      this.sent += 1;
      if (this.fault === 'loses every tenth message' && this.sent % 10 === 0) continue;
      const at = this.fault === 'spreads a key over partitions' ? this.sent : this.fault === 'has one partition at work' ? 0 : hashOf(key);
      const kept = this.fault === 'cuts long values' ? value.slice(0, LONG) : value;
      this.logsOf(topic)[at % PARTITIONS]?.push({ key, value: kept });
    }
  }

  async subscribe(groupId: string, topic: string, handle: HandleMessages): Promise<BusMember> {
    await pause();
    const id = this.fault === 'has one place for all groups' ? topic : `${topic} ${groupId}`;
    const group = this.groups.get(id) ?? { next: this.logsOf(topic).map((log) => this.startOf(log)), members: [] };
    if (this.fault === 'forgets where a group was' && group.members.length === 0) group.next.fill(0);
    this.groups.set(id, group);
    const member: Member = { closed: false, handle };
    group.members = [...group.members, member];
    const lives = Array.from({ length: PARTITIONS }, (_, partition) => this.live(topic, group, member, partition));
    return {
      close: async () => {
        member.closed = true;
        await Promise.all(lives);
        if (this.fault !== 'forgets the partitions of who left') group.members = group.members.filter((other) => other !== member);
      },
    };
  }

  private startOf(log: readonly Message[]): number {
    return this.fault === 'begins a new group at the end' ? log.length : 0;
  }

  private logsOf(topic: string): Message[][] {
    return this.topics.get(topic) ?? [];
  }

  private async live(topic: string, group: Group, member: Member, partition: number): Promise<void> {
    while (!member.closed) {
      await pause();
      if (group.members[partition % group.members.length] !== member) continue;
      const work = this.work(topic, group, member, partition);
      if (this.fault !== 'handles parts of a partition at once') await work;
    }
  }

  private async work(topic: string, group: Group, member: Member, partition: number): Promise<void> {
    const log = this.logsOf(topic)[partition] ?? [];
    const from = group.next[partition] ?? 0;
    const part = log.slice(from, from + PART_MAX).map((message, i) => this.handed(message, partition, from + i));
    if (part.length === 0) return;
    const goOn = (): number => (group.next[partition] = from + part.length);
    if (this.fault === 'moves on when it hands on' || this.fault === 'handles parts of a partition at once') goOn();
    if (this.fault === 'turns each part round') part.reverse();
    try {
      await member.handle(part);
      goOn();
    } catch {
      if (this.fault === 'goes on past a failure') goOn();
      if (this.fault !== 'takes up what failed at the end') return;
      goOn();
      log.push(...log.slice(from, from + part.length));
    }
  }

  private handed({ key, value }: Message, partition: number, offset: number): HandedMessage {
    return { partition, offset: String(offset), key, value: this.fault === 'takes an empty value for none' && value === '' ? null : value };
  }
}
