import { entityOf, type NeedCommandRequest, type Publisher } from '@qiyue/adapters';
import { commandTopicOf } from '@qiyue/engine';
import { commandId } from '@qiyue/need-contracts';

/** To connect and to send: nothing waits here for a broker, the sender asks again. */
const GIVE_WITHIN_MS = 5_000;
const CLOSE_WITHIN_MS = 2_000;

/**
 * Hands a command whose outcome is not known to the commands topic, so that it will surely be done. It is the same
 * command with the same id: should it have taken effect already, the intake finds its outcome.
 */
export class CommandHandover {
  constructor(private readonly publisher: Publisher) {}

  /** `request.body` is sealed. False when the broker has not certainly taken it. */
  async give(request: Omit<NeedCommandRequest, 'deadlineMs'>, authorization: string): Promise<boolean> {
    const event = eventOf(request);
    if (!commandId.safeParse(request.commandId).success) return false; // the intake could only bury it
    const message = {
      key: entityOf(request),
      value: JSON.stringify(event),
      headers: { authorization, 'content-type': 'application/cloudevents+json' },
    };
    const sent = this.publisher.send(commandTopicOf('need'), [message]).then(() => true);
    return (await within(GIVE_WITHIN_MS, sent)) ?? false;
  }

  async close(): Promise<void> {
    await within(CLOSE_WITHIN_MS, this.publisher.close());
  }
}

/** Null when it fails or takes longer. */
const within = async <T>(ms: number, work: Promise<T>): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  try {
    return await Promise.race([work, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
};

const eventOf = ({ commandId, type, needId, body, receivedAt, rules }: Omit<NeedCommandRequest, 'deadlineMs'>): object => ({
  specversion: '1.0',
  id: commandId,
  source: '/qiyue/api',
  type: `qiyue.need.${type}.v1`,
  ...(needId === null ? {} : { subject: needId }),
  time: receivedAt,
  datacontenttype: 'application/json',
  data: body,
  ...(rules === undefined || rules === 1 ? {} : { rules }),
});
