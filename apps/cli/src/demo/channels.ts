import { commandTopicOf } from '@qiyue/engine';
import { ProblemError, isPending, type CommandResult, type NeedBody, type NeedVerb, type QiyueClient } from '@qiyue/client';
import type { Publisher } from '@qiyue/platform';
import type { Person } from './actors';

const OUTCOME_BOUND_MS = 30_000;
const POLL_MS = 40;

/** What the story needs to know of an outcome. */
export type Told = { readonly accepted: true; readonly seq: number } | { readonly accepted: false; readonly code: string };

/** Gives commands to needs by either channel, with ids of this run. */
export class Channels {
  private count = 0;

  constructor(
    private readonly runId: string,
    private readonly publisher: Publisher,
  ) {}

  nextKey(): string {
    return `demo-${this.runId}-${(this.count += 1)}`;
  }

  async overHttp<T extends NeedVerb>(person: Person, needId: string, command: T, body: NeedBody<T>): Promise<Told> {
    return told(person, person.client.command(needId, command, body, { key: this.nextKey() }));
  }

  /** A command on an entity of another kind, by the path of that kind. */
  async on(person: Person, path: string, entity: string, command: string, body: object): Promise<Told> {
    return told(person, person.client.commandOn(path, entity, command, body, { key: this.nextKey() }));
  }

  async overKafka<T extends NeedVerb>(person: Person, needId: string, command: T, body: NeedBody<T>): Promise<Told> {
    const id = this.nextKey();
    const event = {
      specversion: '1.0',
      id,
      source: '/demo',
      type: `qiyue.need.${command}.v1`,
      subject: needId,
      datacontenttype: 'application/json',
      data: body,
    };
    const message = {
      key: needId,
      value: JSON.stringify(event),
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/cloudevents+json' },
    };
    await this.publisher.send(commandTopicOf('need'), [message]);
    return outcomeOf(person.client, id);
  }
}

const told = async (person: Person, answer: Promise<CommandResult>): Promise<Told> => {
  try {
    const result = await answer;
    return isPending(result) ? await outcomeOf(person.client, result.commandId) : { accepted: true, seq: result.seq };
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status < 500) return { accepted: false, code: error.problem.code };
    throw error;
  }
};

const outcomeOf = async (client: QiyueClient, commandId: string): Promise<Told> => {
  const untilMs = Date.now() + OUTCOME_BOUND_MS;
  while (Date.now() < untilMs) {
    const status = await client.commandStatus(commandId).catch((error: unknown) => {
      if (error instanceof ProblemError && error.problem.status === 404) return null;
      throw error;
    });
    if (status?.state === 'accepted') return { accepted: true, seq: status.seq ?? 0 };
    if (status?.state === 'refused' || status?.state === 'dead') return { accepted: false, code: status.code ?? status.state };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`the command ${commandId} had no outcome in ${OUTCOME_BOUND_MS} ms`);
};
