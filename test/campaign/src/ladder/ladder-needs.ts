import { randomUUID } from 'node:crypto';
import { openRecord, type RecordBody } from '@qiyue/engine';
import { eventually, NEED_BODY, PEOPLE, type System } from '@qiyue/testkit';
import type { Lived } from '../checks';
import type { Step } from '../need-plan';
import { PatientSender } from '../patient-sender';
import { expectedLadder, type ExpectedStep } from './expected-ladder';
import { waitUntil } from './outages';
import type { Rehearsal } from './rehearsal';

/** An emergency that nobody claims, and what has to become of it. */
export interface LadderNeed extends Lived {
  readonly steps: readonly ExpectedStep[];
}

const SUBMIT: Step = { command: 'submit', as: PEOPLE.resident, body: { ...NEED_BODY, urgency: 'emergency' }, gives: ['NeedSubmitted'] };

export interface Submission {
  readonly needs: number;
  /** At once. */
  readonly concurrency: number;
  /** Evenly over so long, so that the steps of a county's needs do not all fall on one moment. */
  readonly spreadMs: number;
}

/** Over HTTP. */
export const submitEmergencies = async (
  { system, ladder, pace }: Rehearsal,
  { needs, concurrency, spreadMs }: Submission,
): Promise<readonly LadderNeed[]> => {
  const beganMs = Date.now();
  const sender = new PatientSender(system);
  const submitted: LadderNeed[] = [];
  let begun = 0;
  const worker = async (): Promise<void> => {
    while ((begun += 1) <= needs) {
      await waitUntil(beganMs + ((begun - 1) * spreadMs) / needs);
      const id = `campaign-${randomUUID()}`;
      const { needId } = await sender.send('http', null, SUBMIT, id);
      submitted.push(await withLadder({ system, ladder, pace }, needId, id));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return submitted;
};

const withLadder = async ({ system, ladder, pace }: Rehearsal, needId: string, submitId: string): Promise<LadderNeed> => {
  const first = await eventually(`${needId} in the ledger`, async () => (await system.store.stream(needId, 1, 1))[0]);
  const steps = expectedLadder(ladder, first.time, pace);
  const ticks = steps.map(({ gives }, i) => ({ id: `timer:${needId}:${i + 2}`, step: { gives: gives.map(typeOf) } }));
  return { needId, steps, commands: [{ id: submitId, step: SUBMIT }, ...ticks] };
};

const typeOf = (event: string): string => event.split(' ')[0] ?? event;

/** Type, level or reach, and time of every record after the first, against what they have to be. Empty when all is right. */
export const wrongSteps = async (system: System, { needId, steps }: LadderNeed): Promise<readonly string[]> => {
  const found = (await system.store.stream(needId, 2)).map((record) => described(openRecord(record)));
  const wanted = steps.flatMap(({ gives, atMs }) => gives.map((event) => `${event} ${atMs}`));
  return found.join() === wanted.join() ? [] : [`${needId}: ${found.join(', ') || 'nothing'} instead of ${wanted.join(', ')}`];
};

const described = ({ type, data, time }: RecordBody): string => {
  const { level, reach } = data as { readonly level?: number; readonly reach?: string };
  return [type, level ?? reach, Date.parse(time)].filter((part) => part !== undefined).join(' ');
};
