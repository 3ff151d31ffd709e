import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { BUREAU, NEED_BODY, PEOPLE, eventually, type Answer, type Body, type System, type Who } from '@qiyue/testkit';

const OUTCOME_BOUND_MS = 30_000;

/** Commands given to a running system, each of which must succeed. */
export class Steps {
  constructor(readonly system: System) {}

  async submit(changes: object = {}, as: Who = PEOPLE.resident): Promise<string> {
    const { status, body } = await this.given('/v1/needs', as, { ...NEED_BODY, ...changes });
    expect([status, body]).toEqual([201, expect.objectContaining({ stage: 'submitted', seq: 1 })]);
    return String(body['needId']);
  }

  async does(as: Who, needId: string, command: string, body: object): Promise<Body> {
    const answer = await this.given(`/v1/needs/${needId}/${command}`, as, body);
    expect([command, answer.status, answer.body]).toEqual([command, 200, expect.objectContaining({ needId })]);
    return answer.body;
  }

  /** A busy machine may answer 202; once the outcome is known, the same key has the whole answer. */
  private async given(path: string, as: Who, body: object): Promise<Answer> {
    const key = randomUUID();
    const first = await this.system.post(path, as, body, key);
    if (first.status !== 202) return first;
    await this.outcomeOf(String(first.body['commandId']));
    return this.system.post(path, as, body, key);
  }

  /** The same over Kafka; answers what `/v1/commands/{id}` says in the end. */
  async overKafka(as: Who, needId: string, command: string, data: object, id: string = randomUUID()): Promise<Body> {
    await this.system.kafka.send({ id, type: command, subject: needId, data, token: await this.system.token(as) });
    return this.outcomeOf(id);
  }

  async outcomeOf(commandId: string): Promise<Body> {
    return eventually(
      `an outcome of ${commandId}`,
      async () => {
        const { status, body } = await this.system.get(`/v1/commands/${commandId}`, PEOPLE.supervisor);
        return status === 200 && body['state'] !== 'pending' && body;
      },
      OUTCOME_BOUND_MS,
    );
  }

  async claim(needId: string): Promise<void> {
    await this.does(PEOPLE.department, needId, 'claim', { unit: BUREAU, plan: '两周内完工' });
  }

  /** From claimed to done. */
  async works(needId: string): Promise<void> {
    await this.does(PEOPLE.department, needId, 'fund', { amountFen: 860_000, source: 'department', reference: '2024-07' });
    await this.does(PEOPLE.department, needId, 'start', {});
    await this.does(PEOPLE.department, needId, 'complete', { evidence: [{ kind: 'note', text: '已完工' }] });
    await this.does(PEOPLE.community, needId, 'accept', {});
  }

  async evaluate(needId: string, residentIsSatisfied: boolean): Promise<Body> {
    const score = residentIsSatisfied ? 5 : 2;
    await this.does(PEOPLE.resident, needId, 'evaluate', { side: 'resident', score, satisfied: residentIsSatisfied });
    return this.does(PEOPLE.community, needId, 'evaluate', { side: 'community', score: 5, satisfied: true });
  }

  /** The read model's need, once it has seen `seq`. */
  async seen(needId: string, seq: number): Promise<Body> {
    const { status, body } = await this.system.get(`/v1/needs/${needId}?minSeq=${seq}`, PEOPLE.supervisor);
    expect([needId, status]).toEqual([needId, 200]);
    return body;
  }

  async historyOf(needId: string): Promise<readonly Body[]> {
    const { body } = await this.system.get(`/v1/needs/${needId}/history`, PEOPLE.supervisor);
    return body['events'] as readonly Body[];
  }

  async stageCounts(): Promise<Body> {
    return (await this.system.get('/v1/stats/stages', PEOPLE.supervisor)).body;
  }
}
