import type { AnyAggregate } from '@qiyue/aggregate';
import type { ApiBench } from '../api-bench';
import type { Who } from '../test-tokens';

/**
 * What brings an entity further: a command of somebody or, without `as`, of a process of ours; or its own deadlines, until it rests in a place.
 * `pastEdge`: given to the entity itself, so that what an edge does behind it stays undone.
 */
export type Step = { readonly type: string; readonly data?: object; readonly as?: Who; readonly pastEdge?: true } | { readonly until: string };

/** The world of one entity: whom and what it is about. */
export interface Scene {
  readonly starts: { readonly as: Who; readonly data: object };
  /** Everybody who is asked: of each role somebody, and offices that have nothing to do with it. */
  readonly people: readonly Who[];
  /** A body that fits for a command of somebody. */
  bodyOf(type: string, who: Who): object;
  /** By place: how an entity comes there once it is started. */
  readonly ways: Readonly<Record<string, readonly Step[]>>;
}

/** How fast a clock has to run for a place: 1 keeps a deadline away, a day a second or months a second bring it. */
export const PACES = { standing: 1, days: 86_400, months: 20_000_000 } as const;
export type Pace = keyof typeof PACES;

/** A kind of entity whose whole table is asked over HTTP. */
export interface KindOfAnswers {
  readonly aggregate: AnyAggregate;
  /** By place, `stage/status` and perhaps `, remark`: the pace at which it is reached and stays. */
  readonly places: Readonly<Record<string, Pace>>;
  /** For each entity a new one, where it needs others. */
  sceneOf(bench: ApiBench): Scene | Promise<Scene>;
  /** What another entity answers, or is refused for it, where the own one would take the command; undefined: it takes it too. */
  readonly bySaga?: (type: string, who: Who) => string | undefined;
}

/** The fast ones that its places need. */
export const pacesOf = ({ places }: Pick<KindOfAnswers, 'places'>): readonly Pace[] =>
  (Object.keys(PACES) as readonly Pace[]).filter((pace) => pace !== 'standing' && Object.values(places).includes(pace));
