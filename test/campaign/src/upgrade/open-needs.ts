import { randomUUID } from 'node:crypto';
import { NEED_BODY, PEOPLE, type System } from '@qiyue/testkit';
import { needPlan, type Step } from '../need-plan';
import { PatientSender, type Channel } from '../patient-sender';

/** Enough that a run of the campaign continues as new on the way. */
const PROGRESS_REPORTS = 4;
const PLAN = needPlan(PROGRESS_REPORTS);
/** Steps of the plan until a need is submitted, claimed and funded: where it still may adopt another. */
const MAY_ADOPT = [1, 3, 4, 8] as const;
const AT_ONCE = 6;
const MERGE: Omit<Step, 'body'> = { command: 'merge', as: PEOPLE.community, gives: ['NeedMerged'] };

/** A need that is open, and how far it has come in its plan. */
export interface OpenNeed {
  readonly needId: string;
  /** Steps that were answered. */
  taken: number;
}

export interface Merge {
  readonly from: string;
  readonly into: string;
}

/** Needs at every stage, opened, merged and led to their end by careful clients, over both channels. */
export class OpenNeeds {
  /** Led to their end by `finish`: the targets of merges among them. */
  readonly needs: OpenNeed[] = [];
  /** Submitted, with a deadline of two hours, and left alone. */
  readonly emergencies: OpenNeed[] = [];
  readonly merges: Merge[] = [];
  readonly acceptedIds: string[] = [];
  /** What the system finally said no to, or never answered. */
  readonly failures: string[] = [];
  /** Commands that have no answer yet. */
  unanswered = 0;
  private readonly sender: PatientSender;
  private sent = 0;

  constructor(system: System) {
    this.sender = new PatientSender(system);
  }

  /** So many needs over all stages, half as many merges to come, and a sixth as many emergencies. */
  async open(count: number): Promise<void> {
    const plans = Array.from({ length: count }, (_, i) => async () => {
      const need = await this.submit();
      for (const steps = i % PLAN.length; need.taken <= steps;) if (!(await this.advance(need))) return;
      this.needs.push(need);
    });
    const merges = Array.from({ length: Math.ceil(count / 2) }, (_, i) => async () => {
      const [source, target] = [await this.submit(), await this.submit()];
      const steps = MAY_ADOPT[i % MAY_ADOPT.length] ?? 1;
      while (target.taken < steps) if (!(await this.advance(target))) return;
      this.needs.push(target);
      this.merges.push({ from: source.needId, into: target.needId });
    });
    const emergencies = Array.from({ length: Math.ceil(count / 6) }, () => async () => {
      this.emergencies.push(await this.submit({ urgency: 'emergency' }));
    });
    await sideBySide([...plans, ...merges, ...emergencies]);
  }

  merge({ from, into }: Merge): Promise<boolean> {
    return this.give(from, { ...MERGE, body: { into } });
  }

  /** The next step of a need's plan; false when it has none, or it failed. */
  async advance(need: OpenNeed): Promise<boolean> {
    const step = PLAN[need.taken];
    if (step === undefined) return false;
    need.taken += 1;
    return this.give(need.needId, step);
  }

  async finish(): Promise<void> {
    await sideBySide([...this.needs, ...this.emergencies].map((need) => async () => void (await this.toTheEnd(need))));
  }

  private async toTheEnd(need: OpenNeed): Promise<void> {
    while (await this.advance(need));
  }

  private async submit(changes: object = {}): Promise<OpenNeed> {
    const step = { ...(PLAN[0] as Step), body: { ...NEED_BODY, ...changes } };
    const id = `upgrade-${randomUUID()}`;
    const { needId } = await this.sender.send('http', null, step, id);
    this.acceptedIds.push(id);
    return { needId, taken: 1 };
  }

  private async give(needId: string, step: Step): Promise<boolean> {
    const channel: Channel = (this.sent += 1) % 3 === 0 ? 'kafka' : 'http';
    const id = `upgrade-${randomUUID()}`;
    this.unanswered += 1;
    try {
      await this.sender.send(channel, needId, step, id);
      this.acceptedIds.push(id);
      return true;
    } catch (error) {
      this.failures.push(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      this.unanswered -= 1;
    }
  }
}

const sideBySide = async (works: readonly (() => Promise<void>)[]): Promise<void> => {
  const waiting = [...works];
  const worker = async (): Promise<void> => {
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) await work();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
};
