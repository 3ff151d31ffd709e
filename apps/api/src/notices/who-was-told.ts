import { toldOutward, type NoticeDoc, type Told, type ToldStore } from '@qiyue/edge';
import { mayAskWhoWasTold, type AnyAggregate, type AnyView } from '@qiyue/aggregate';
import { sha256Hex, toShanghaiIso, type Actor } from '@qiyue/engine';
import { recipientOf, type AnyChannel } from '@qiyue/notices';
import type { Clock } from '@qiyue/platform';
import type { EntityReader, Standing } from '../entities/entity-reader';
import { Problem } from '../http/problem';
import type { EntityQueries } from '../entities/entity-queries';

/** What has become of a notice, in the words of who asks: it came, it did not, it may have, it is still to come. */
export const DELIVERIES = ['sent', 'failed', 'unknown', 'waiting'] as const;
export type Delivery = (typeof DELIVERIES)[number];

export const DELIVERY_OF: Readonly<Record<Told['state'], Delivery>> = {
  waiting: 'waiting',
  claimed: 'waiting',
  sent: 'sent',
  refused: 'failed',
  hanging: 'unknown',
};

export const RECIPIENT_KINDS = ['post', 'author', 'follower', 'person'] as const;

/** Whom it went to. A post by role and unit (null: all of the role); a person by what they are to the entity, with an id for those who may know it. */
export interface ToldTo {
  readonly as: (typeof RECIPIENT_KINDS)[number];
  readonly role: string | null;
  readonly unit: string | null;
  readonly id: string | null;
}

/** One notice to one recipient on one way. Neither its words nor an address: those who look only need to know that. Times are ISO 8601 with +08:00. */
export interface ToldNotice extends Omit<Told, 'key' | 'recipient' | 'channel'> {
  readonly noticeId: string;
  /** The recipient as a word: `post/department/住建局`, `author`, `follower`, `person`; with an id for those who may know it. */
  readonly recipient: string;
  readonly to: ToldTo;
  readonly channel: AnyChannel;
  readonly delivery: Delivery;
}

/** Who stands how to the entity, and may be named to whoever asks. */
export type StandingOf = (subject: string) => Standing;

const NOBODY_KNOWN: StandingOf = () => ({ as: 'person', id: null });
const ID_HEX = 24;

/** Answers who was told of one entity, to those who may ask: see `mayAskWhoWasTold`. */
export class WhoWasTold {
  constructor(
    private readonly told: Pick<ToldStore, 'of'>,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  /** Newest first. Throws `not-permitted`. That persons were named goes on record. */
  async of(id: string, { queries, reader }: { readonly queries: EntityQueries; readonly reader: EntityReader }, actor: Actor) {
    const view = await queries.entity(id);
    insistOnAsking(queries.aggregate, view, actor);
    const rows = await this.told.of(id, this.now());
    const standing = await reader.standings(id, view, actor);
    const notices = rows.map((row) => noticeOf(row, standing));
    if (notices.some(({ to }) => to.id !== null && to.id !== actor.id)) await reader.tellPersons(id, view, actor);
    return { view, notices };
  }

  /** Of what no kind knows any more, to those who may see all notices: persons without names. */
  async ofUnknown(id: string): Promise<readonly ToldNotice[]> {
    return (await this.told.of(id, this.now())).map((row) => noticeOf(row, NOBODY_KNOWN));
  }

  private now(): string {
    return toShanghaiIso(this.clock.nowMs());
  }
}

/** For whoever sends it again: with its own key. */
export const outwardNotice = (document: NoticeDoc): ToldNotice => {
  const told = toldOutward(document);
  return { ...noticeOf(told, NOBODY_KNOWN), noticeId: told.key, recipient: told.recipient };
};

const insistOnAsking = (aggregate: AnyAggregate, view: AnyView, actor: Actor): void => {
  if (!mayAskWhoWasTold(aggregate, view, actor)) throw Problem.refused({ code: 'not-permitted' });
};

const noticeOf = ({ key, recipient, ...rest }: Told, standing: StandingOf): ToldNotice => {
  const to = toldTo(recipient, standing);
  const isNamed = to.as === 'post' || to.id !== null;
  return {
    noticeId: isNamed ? key : sha256Hex(key).slice(0, ID_HEX), // a key says whom it is for
    ...rest,
    recipient: isNamed ? recipient : to.as,
    to,
    delivery: DELIVERY_OF[rest.state],
  };
};

const toldTo = (key: string, standing: StandingOf): ToldTo => {
  const recipient = recipientOf(key);
  if (recipient.kind === 'post') return { as: 'post', role: recipient.role, unit: recipient.unit, id: null };
  const { as, id } = standing(recipient.id);
  return { as, role: null, unit: null, id };
};
