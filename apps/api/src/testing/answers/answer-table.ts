import { expect } from '@jest/globals';
import { CLOCK_ACTOR, foldRecords, openRecord, toShanghaiIso, type Actor, type Decision, type EventShape, type RecordBody } from '@qiyue/engine';
import { TableStore } from '@qiyue/edge';
import { WITH_CAMPAIGNS, commandFor, eventually, type Answer } from '@qiyue/testkit';
import type { ApiBench } from '../api-bench';
import type { Who } from '../test-tokens';
import type { KindOfAnswers, Scene, Step } from './kind';

const OWN_PROCESS: Actor = { id: 'reaction', role: 'system', unit: null };
/** Longer than what a policy waits for at the pace of a day a second. */
const WAIT_MS = 60_000;

type Ruling = Decision<EventShape>;
interface Made {
  readonly id: string;
  readonly scene: Scene;
}
interface Asked {
  readonly type: string;
  readonly who: Who;
}
/** One answer as the rules have it and as the API gave it. */
export interface Compared {
  readonly wanted: string;
  readonly seen: string;
}

interface Ruled {
  readonly asked: Asked;
  readonly ruling: Ruling;
}

const isRefused = ({ ruling }: Ruled): boolean => !ruling.ok;

/**
 * Who is refused for the same reason in the same place is asked in turn, another one in each place, as thousands of such answers take
 * minutes; everybody with `QIYUE_CAMPAIGNS=1`. The pure tables hold them all.
 */
const oneOfEach = (refused: readonly Ruled[], turn: number): readonly Ruled[] => {
  const alike = new Map<string, Ruled[]>();
  for (const one of refused) {
    const of = `${one.asked.type}/${one.ruling.ok ? '' : one.ruling.refusal.code}`;
    alike.set(of, [...(alike.get(of) ?? []), one]);
  }
  return [...alike.values()].flatMap((some) => some[turn % some.length] ?? []);
};

/** Types of the records that did not come of a deadline, which may fall due at any time. */
const givenOnes = (records: readonly RecordBody[]): readonly string[] =>
  records.filter(({ actor }) => actor.role !== CLOCK_ACTOR.role).map(({ type }) => type);
const actorOf = ({ actor, role, unit }: Who): Actor => ({ id: actor, role, unit: unit ?? null });
const namesOf = (types: readonly string[]): string => types.join('+') || '–';

/** Every command of everybody, answered by a running API, beside what the pure decider says to the state that the ledger has. */
export class AnswerTable {
  private tables: ReturnType<TableStore['current']> | undefined;
  private placesAsked = 0;

  constructor(
    private readonly bench: ApiBench,
    private readonly kind: KindOfAnswers,
  ) {}

  /** All of one place: first what is refused, at once, which changes nothing; then what is accepted. */
  async answersIn(place: string): Promise<readonly Compared[]> {
    const { commands, decider } = this.kind.aggregate;
    const made = await this.at(place);
    const types = Object.keys(commands).filter((type) => type !== decider.startsWith);
    const all = types.flatMap((type) => made.scene.people.map((who) => ({ type, who })));
    const before = await this.recordsOf(made);
    const ruled = await Promise.all(all.map(async (asked) => ({ asked, ruling: await this.ruling(made, before, asked) })));
    const refused = WITH_CAMPAIGNS ? ruled.filter(isRefused) : oneOfEach(ruled.filter(isRefused), this.placesAsked++);
    const refusals = await Promise.all(refused.map(({ asked, ruling }) => this.compared(made, asked, ruling)));
    expect([place, givenOnes(await this.recordsOf(made))]).toEqual([place, givenOnes(before)]);
    const taken = ruled.filter(({ ruling }) => ruling.ok).map(({ asked }) => asked);
    return [...refusals, ...(await this.acceptedIn(place, made, taken))];
  }

  /** Who may start one, and who not. */
  async startedBy(): Promise<readonly Compared[]> {
    const { aggregate, sceneOf } = this.kind;
    const { people } = await sceneOf(this.bench);
    return Promise.all(
      people.map(async (who) => {
        const { starts } = await sceneOf(this.bench);
        const asked = { type: aggregate.decider.startsWith, who };
        const ruling = await this.rulingOn([], asked, starts.data);
        return this.comparedWith(asked, ruling, await this.bench.post(`/v1/${aggregate.path}`, who, starts.data), []);
      }),
    );
  }

  /** What everybody is told of one that nobody has started. */
  async answersOfNone(): Promise<readonly string[]> {
    const { commands, decider, path } = this.kind.aggregate;
    const scene = await this.kind.sceneOf(this.bench);
    const types = Object.keys(commands).filter((type) => type !== decider.startsWith);
    const none = `/v1/${path}/${'0'.repeat(26)}`;
    return Promise.all(
      types.flatMap((type) =>
        scene.people.map(async (who) => {
          const { status, body } = await this.bench.post(`${none}/${type}`, who, scene.bodyOf(type, who));
          return `${status} ${String(body['code'])}`;
        }),
      ),
    );
  }

  /** A new one, brought there. */
  async at(place: string): Promise<Made> {
    const { path, idName } = this.kind.aggregate;
    const scene = await this.kind.sceneOf(this.bench);
    const { status, body } = await this.bench.post(`/v1/${path}`, scene.starts.as, scene.starts.data);
    expect([place, status, body['code']]).toEqual([place, 201, undefined]);
    const made = { id: String(body[idName]), scene };
    for (const step of scene.ways[place] ?? []) await this.takes(made, step);
    await eventually(place, async () => (await this.placeOf(made)) === place.split(',')[0], WAIT_MS);
    return made;
  }

  /** One entity serves as long as it stays where it is and would take the next command too; then there is a new one. */
  private async acceptedIn(place: string, first: Made, taken: readonly Asked[]): Promise<readonly Compared[]> {
    const answers: Compared[] = [];
    let made = first;
    for (const asked of taken) {
      let ruling = await this.ruling(made, await this.recordsOf(made), asked);
      if (!ruling.ok || (await this.placeOf(made)) !== place.split(',')[0]) {
        made = await this.at(place);
        ruling = await this.ruling(made, await this.recordsOf(made), asked);
      }
      answers.push(await this.compared(made, asked, ruling));
    }
    return answers;
  }

  private async takes(made: Made, step: Step): Promise<void> {
    if ('until' in step) {
      await eventually(step.until, async () => (await this.placeOf(made)) === step.until, WAIT_MS);
      return;
    }
    if (step.as === undefined || step.pastEdge) return this.internally(made, step.type, step.data ?? {}, step.as);
    const { status, body } = await this.gives(made, step.type, step.as, step.data ?? made.scene.bodyOf(step.type, step.as));
    expect([step.type, status, body['code']]).toEqual([step.type, 200, undefined]);
  }

  /** The ledger holds what was answered: whoever gives the next command looks there. */
  private async gives({ id }: Made, type: string, who: Who, data: object): Promise<Answer> {
    const answer = await this.bench.post(`/v1/${this.kind.aggregate.path}/${id}/${type}`, who, data);
    if (answer.status === 200)
      await eventually(`record ${answer.body['seq']}`, async () => (await this.bench.engine.store.stream(id)).length >= Number(answer.body['seq']));
    return answer;
  }

  private async internally({ id }: Made, type: string, data: object, who?: Who): Promise<void> {
    const actor = who === undefined ? OWN_PROCESS : actorOf(who);
    const asked = commandFor(this.kind.aggregate.decider, type, { ...data } as never, { entity: id, actor });
    const answer = await this.bench.engine.gateway().execute({ ...asked, receivedAt: this.now() }, WAIT_MS);
    expect([type, answer]).toMatchObject([type, { kind: 'outcome', outcome: { status: 'accepted' } }]);
    if (answer.kind === 'outcome') await answer.appended;
  }

  private async compared(made: Made, asked: Asked, ruling: Ruling): Promise<Compared> {
    const before = ruling.ok ? givenOnes(await this.recordsOf(made)).length : 0;
    const answer = await this.gives(made, asked.type, asked.who, made.scene.bodyOf(asked.type, asked.who));
    return this.comparedWith(asked, ruling, answer, ruling.ok ? givenOnes(await this.recordsOf(made)).slice(before) : []);
  }

  private comparedWith({ type, who }: Asked, ruling: Ruling, { status, body }: Answer, events: readonly string[]): Compared {
    const { refusals, decider } = this.kind.aggregate;
    const starts = type === decider.startsWith;
    const of = `${type} of ${who.role} ${who.actor} ${who.unit ?? ''}`;
    const told = (code: string): string => `${of}: ${refusals[code]?.status} ${code}`;
    const other = this.kind.bySaga?.(type, who);
    const taken = starts ? `${of}: 201 –` : `${of}: 200 ${namesOf(ruling.ok ? ruling.events.map((event) => event.type) : [])}`;
    return {
      wanted: ruling.ok ? (other === undefined ? taken : told(other)) : told(ruling.refusal.code),
      seen: `${of}: ${status} ${body['code'] === undefined ? namesOf(events) : String(body['code'])}`,
    };
  }

  private ruling(made: Made, records: readonly RecordBody[], asked: Asked): Promise<Ruling> {
    return this.rulingOn(records, asked, made.scene.bodyOf(asked.type, asked.who), made.id);
  }

  private async rulingOn(records: readonly RecordBody[], { type, who }: Asked, body: object, entity = '0'.repeat(26)): Promise<Ruling> {
    const { decider, commands } = this.kind.aggregate;
    const { state, rules } = foldRecords(decider, records);
    this.tables ??= new TableStore(this.bench.engine.db).current();
    return decider.decide({ type, data: commands[type]?.schema.parse(body) as object }, state, {
      ...{ now: this.now(), actor: actorOf(who), entity, commandId: 'compared', rules },
      tables: { ...(await this.tables).tables },
    }) as Ruling;
  }

  /** `stage/status`, as the ledger has it. */
  private async placeOf(made: Made): Promise<string> {
    const { decider } = this.kind.aggregate;
    const { stage, status } = decider.summary(foldRecords(decider, await this.recordsOf(made)).state);
    return `${stage}/${status}`;
  }

  private async recordsOf({ id }: Made): Promise<readonly RecordBody[]> {
    return (await this.bench.engine.store.stream(id)).map(openRecord);
  }

  private now(): string {
    return toShanghaiIso(this.bench.clock.nowMs());
  }
}
