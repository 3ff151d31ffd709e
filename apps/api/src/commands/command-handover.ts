import { entityOf, RECEIPT_HEADER, type CommandRequest, type HandedReceipts } from '@qiyue/edge';
import type { Publisher } from '@qiyue/platform';
import type { AnyAggregate } from '@qiyue/aggregate';
import { commandTopicOf, commandTypeNameOf, instantMsOf } from '@qiyue/engine';
import { commandId } from '@qiyue/civic-contracts';

/** To connect and to send: nothing waits here for a broker, the sender asks again. */
const HAND_OVER_WITHIN_MS = 5_000;
const CLOSE_WITHIN_MS = 2_000;

/**
 * Hands a command whose outcome is not known to the commands topic, so that it will surely be done. It is the same
 * command with the same id, and with the time at which it was received: should it have taken effect already, the intake finds its outcome.
 */
export class CommandHandover {
  constructor(
    private readonly publisher: Publisher,
    private readonly receipts: Pick<HandedReceipts, 'seal'>,
  ) {}

  /** `request.body` is sealed. False when the broker has not certainly taken it. */
  async handOver(request: Omit<CommandRequest, 'deadlineMs'>, aggregate: AnyAggregate, authorization: string): Promise<boolean> {
    if (!commandId.safeParse(request.commandId).success) return false; // the intake could only make a dead letter of it
    return (await within(HAND_OVER_WITHIN_MS, this.send(request, aggregate, authorization))) ?? false;
  }

  private async send(request: Omit<CommandRequest, 'deadlineMs'>, aggregate: AnyAggregate, authorization: string): Promise<true> {
    const value = JSON.stringify(eventOf(request));
    const receipt = await this.receipts.seal(instantMsOf(request.receivedAt), authorization, value);
    const headers = { authorization, 'content-type': 'application/cloudevents+json', [RECEIPT_HEADER]: receipt };
    await this.publisher.send(commandTopicOf(request.aggregate), [{ key: entityOf(request, aggregate), value, headers }]);
    return true;
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

const eventOf = ({ aggregate, commandId, type, entity, body, receivedAt, rules }: Omit<CommandRequest, 'deadlineMs'>): object => ({
  specversion: '1.0',
  id: commandId,
  source: '/qiyue/api',
  type: commandTypeNameOf(aggregate, type),
  ...(entity === null ? {} : { subject: entity }),
  time: receivedAt,
  datacontenttype: 'application/json',
  data: body,
  ...(rules === undefined || rules === 1 ? {} : { rules }),
});
