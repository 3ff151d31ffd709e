import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AnyAggregate } from '@qiyue/aggregate';
import { encodeCursor } from '@qiyue/civic-contracts';
import type { JsonSchema } from './json-schema';

export const EXAMPLE_INSTANT = '2026-12-01T09:00:00.000+08:00';
export const EXAMPLE_ENTITY = '0123456789abcdefghjkmnpqrs';

/** Values of parameters that their schema does not say: what is in use in the examples of commands. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  ...{
    unit: '住建局',
    community: '幸福社区',
    q: '扶手',
    entity: EXAMPLE_ENTITY,
    needId: EXAMPLE_ENTITY,
    actor: 'officer-1',
    actorId: 'officer-1',
    subject: 'resident-1',
  },
  ...{
    commandId: 'my-first-need',
    fileId: 'a'.repeat(64),
    noticeId: `${EXAMPLE_ENTITY}:1:post/department/住建局:email`,
    command: 'claim',
    code: 'wrong-stage',
    number: '240701-7K3M9P-N',
  },
  ...{
    keyId: 'k-1',
    erasureId: 'e-1',
    sessionId: 's-1',
    returnTo: '/docs',
    address: '192.0.2.1',
    types: 'NeedSubmitted,NeedClaimed',
    aggregates: 'need',
  },
  ...{
    from: EXAMPLE_INSTANT,
    to: '2026-12-31T18:00:00.000+08:00',
    time: EXAMPLE_INSTANT,
    cursor: encodeCursor({ at: EXAMPLE_INSTANT, id: EXAMPLE_ENTITY }),
  },
  ...{ 'Idempotency-Key': 'my-first-need', 'Last-Event-ID': '0', lastEventId: 'latest', 'If-Match': '*' },
};

/** A value that the parameter takes. */
export const exampleOf = (name: string, { enum: names, type, minimum, default: preset }: JsonSchema): unknown => {
  if (Array.isArray(names)) return (names as readonly unknown[])[0];
  if (type === 'integer') return preset ?? minimum ?? 1;
  if (type === 'boolean') return true;
  return BY_NAME[name] ?? (name.endsWith('Id') ? EXAMPLE_ENTITY : name);
};

/** Data of recorded events of a kind, by type, the fullest form first. */
export const goldenEvents = ({ goldenBeside }: Pick<AnyAggregate, 'goldenBeside'>): Readonly<Record<string, readonly object[]>> => {
  if (goldenBeside === undefined) return {};
  const folder = join(dirname(goldenBeside), '..', 'golden');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const recorded = [...names].sort((a, b) => rank(a) - rank(b)).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded);
  return Object.fromEntries(recorded.map(({ type }) => [type, recorded.filter((one) => one.type === type).map(({ data }) => data)]));
};

interface Recorded {
  readonly type: string;
  readonly data: object;
}
const rank = (name: string): number => (name.includes('.most.') ? 0 : name.split('.').length - 1);
