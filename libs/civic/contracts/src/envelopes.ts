import { z } from 'zod';
import { commandId } from './command-id';
import { instant, opaqueId } from './text-fields';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What every event of an aggregate has around its `type` and `data`: CloudEvents 1.0 with our extensions. */
export const eventEnvelopeOf = (aggregate: string) => ({
  specversion: z.literal('1.0'),
  /** `<entity id>:<seq>` */
  id: z.string().min(1),
  source: z.literal(sourceOf(aggregate)),
  subject: opaqueId,
  partitionkey: opaqueId,
  /** The seq as text, as the CloudEvents sequence extension has it: 1, 2, 3 … per entity, without gaps. */
  sequence: z.string().regex(/^[1-9]\d{0,14}$/),
  sequencetype: z.literal('Integer').exactOptional(),
  time: instant,
  datacontenttype: z.literal('application/json'),
  actorid: z.string(),
  actorrole: z.string(),
  actorunit: z.string().exactOptional(),
  /** Where `actorid` is a pseudonym, `commandid` too: the id it stands for, sealed. */
  actorperson: z.string().exactOptional(),
  commandid: z.string().min(1),
  prevhash: hash,
  hash,
  /** Rules version under which it was made; left out for 1. */
  rules: z.int().min(2).exactOptional(),
  /** Place in the global feed. */
  position: z.int().min(1).exactOptional(),
});

/** CloudEvents `source` of an aggregate's events. */
export const sourceOf = (aggregate: string): string => `/qiyue/${aggregate}`;

/** What every command has around its `type`, `subject` and `data`. */
export const commandEnvelope = {
  specversion: z.literal('1.0'),
  id: commandId,
  source: z.string().min(1).max(500),
  time: z.iso.datetime({ offset: true }).exactOptional(),
  datacontenttype: z.literal('application/json').exactOptional(),
};
