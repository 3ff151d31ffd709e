import { z } from 'zod';
import { isEntityId } from '@qiyue/engine';
import { fromCloudEvent, type Received } from '@qiyue/engine-runtime';
import { isTooDeep, type IncomingMessage } from '@qiyue/platform';

/** What readers rely on before they look into an event: the hash covers its content, but anybody can make a hash. */
const envelope = z.looseObject({
  type: z.string().max(200),
  subject: z.string().refine(isEntityId),
  sequence: z.string().regex(/^[1-9]\d{0,14}$/),
  time: z.string().max(100),
  actorid: z.string().max(500),
  actorrole: z.string().max(100),
  actorunit: z.string().max(500).optional(),
  actorperson: z.string().max(2_000).optional(),
  commandid: z.string().max(500),
  data: z.record(z.string(), z.unknown()),
  prevhash: z.string().max(200),
  hash: z.string().max(200),
});

/** Reads a message of an events topic. Never throws; whatever is wrong with it is a value. */
export const readEvent = ({ value }: Pick<IncomingMessage, 'value'>): Received => {
  if (value !== null && isTooDeep(value)) return { ok: false, why: 'nested too deep' };
  try {
    const received = fromCloudEvent(value);
    if (received.ok && !envelope.safeParse(JSON.parse(value ?? '')).success) return { ok: false, why: 'not an event of Qiyue' };
    return received;
  } catch {
    return { ok: false, why: 'not an event of Qiyue' };
  }
};
