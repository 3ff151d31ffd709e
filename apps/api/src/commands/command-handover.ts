import { entityOf, type EventBus, type NeedCommandRequest, type Publisher } from '@qiyue/adapters';
import { commandTopicOf } from '@qiyue/engine';
import { needCommandEvent } from '@qiyue/need-contracts';

const GIVE_WITHIN_MS = 5_000;

/**
 * Hands a command whose outcome is not known to the commands topic, so that it will surely be done. It is the same
 * command with the same id: should it have taken effect already, the intake finds its outcome.
 */
export class CommandHandover {
  private publisher: Promise<Publisher> | null = null;

  constructor(private readonly bus: Pick<EventBus, 'publisher'>) {}

  /** False when the broker has not certainly taken it. */
  async give(request: Omit<NeedCommandRequest, 'deadlineMs'>, authorization: string): Promise<boolean> {
    const event = eventOf(request);
    if (!needCommandEvent.safeParse(event).success) return false; // the intake could only bury it
    const message = { key: entityOf(request), value: JSON.stringify(event), headers: { authorization, 'content-type': 'application/cloudevents+json' } };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), GIVE_WITHIN_MS)));
    try {
      return await Promise.race([this.send(message), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    const publisher = await this.publisher?.catch(() => null);
    await publisher?.close();
  }

  private async send(message: { readonly key: string; readonly value: string; readonly headers: Readonly<Record<string, string>> }): Promise<boolean> {
    this.publisher ??= this.bus.publisher();
    try {
      await (await this.publisher).send(commandTopicOf('need'), [message]);
      return true;
    } catch {
      this.publisher = null; // the next one connects anew
      return false;
    }
  }
}

const eventOf = ({ commandId, type, needId, body, receivedAt }: Omit<NeedCommandRequest, 'deadlineMs'>): object => ({
  specversion: '1.0',
  id: commandId,
  source: '/qiyue/api',
  type: `qiyue.need.${type}.v1`,
  ...(needId === null ? {} : { subject: needId }),
  time: receivedAt,
  datacontenttype: 'application/json',
  data: body,
});
