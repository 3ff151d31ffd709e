import { needsModel } from '@qiyue/need';
import { openRecord, toShanghaiIso, businessMsAt, type Pace } from '@qiyue/engine';
import { ActiveModel, Incidents } from '@qiyue/engine-runtime';
import { eventually, type System } from '@qiyue/testkit';
import { lostIn } from '../command-names';
import { checkSoundness, drain, isSound } from '../checks';
import type { Merge, OpenNeeds } from './open-needs';

const TOLD_BOUND_MS = 60_000;
/** A step of a ladder is taken within seconds. */
const STEP_LATE_MS = 10_000;

export interface Verdict {
  readonly lost: number;
  readonly forks: number;
  readonly diverged: number;
  readonly auditFindings: number;
  readonly records: number;
  readonly troubles: readonly string[];
}

/** Looks at everything that an upgrade could have broken, once all needs have been led to their end. */
export const verdictOn = async (system: System, needs: OpenNeeds, pace: Pace): Promise<Verdict> => {
  const { store } = system;
  await drain(system, []);
  const soundness = await checkSoundness(system, []);
  const lost = await lostIn(system, needs.acceptedIds);
  const incidents = await new Incidents(store.db).counts();
  const troubles = [
    ...needs.failures,
    ...lost.map((id) => `lost: ${id}`),
    ...(isSound(soundness) ? [] : [JSON.stringify(soundness)]),
    ...Object.entries(incidents).flatMap(([kind, count]) => (count === 0 ? [] : [`${count} × ${kind}`])),
    ...(await doubledIn(system)),
    ...(await unevenMerges(system, needs.merges)),
    ...(await unfinished(system, needs)),
    ...(await stepsNotTaken(system, pace)),
    ...(await notTold(system)),
    ...system.crashes,
  ];
  const { auditFindings, forks, ledgerRecords } = soundness;
  return { lost: lost.length, forks, diverged: incidents.diverged, auditFindings: auditFindings.length, records: ledgerRecords, troubles };
};

/** A command, or a step of the clock, gives each of its events once. */
const doubledIn = async ({ store }: System): Promise<readonly string[]> => {
  const groups = [
    { $group: { _id: { entity: '$entity', commandId: '$commandId', type: '$type' }, count: { $sum: 1 } } },
    { $match: { count: { $gt: 1 } } },
  ];
  const rows = await store.ledger.aggregate<{ _id: { entity: string; commandId: string; type: string } }>(groups).toArray();
  return rows.map(({ _id: { entity, commandId, type } }) => `doubled: ${entity} ${commandId} ${type}`);
};

/** The source has ended by being merged, and its target has adopted it once and not given it back. */
const unevenMerges = async ({ store }: System, merges: readonly Merge[]): Promise<readonly string[]> => {
  const uneven: string[] = [];
  for (const { from, into } of merges) {
    const ended = (await store.stream(from)).filter(({ type }) => type === 'NeedMerged').length;
    const ofTarget = (await store.stream(into)).map(openRecord).filter(({ data }) => (data as { readonly from?: string }).from === from);
    if (ended !== 1 || ofTarget.map(({ type }) => type).join() !== 'NeedAdopted') uneven.push(`merge of ${from} into ${into} is not whole`);
  }
  return uneven;
};

const unfinished = async ({ store }: System, { needs, emergencies }: OpenNeeds): Promise<readonly string[]> => {
  const ended = new Set(await store.ledger.distinct('entity', { type: 'NeedEvaluated' }));
  return [...needs, ...emergencies].flatMap(({ needId }) => (ended.has(needId) ? [] : [`${needId} has not come to its end`]));
};

const stepsNotTaken = async ({ store }: System, pace: Pace): Promise<readonly string[]> => {
  const before = toShanghaiIso(Math.floor(businessMsAt(pace, Date.now() - STEP_LATE_MS)));
  const model = await new ActiveModel(store.db, needsModel).collection();
  const steps = { $elemMatch: { firedAt: null, at: { $gt: '', $lt: before } } };
  const late = await model.find({ 'view.dueAt': { $gt: '' }, 'view.clock.steps': steps } as object).toArray();
  return late.map(({ _id }) => `a step of ${_id} was not taken`);
};

/** Whoever is told of needs has come to the end of each. */
const notTold = async ({ store }: System): Promise<readonly string[]> => {
  const noticed = store.db.collection<{ _id: string; seq: number }>('noticed');
  const heads = await store.ledger.aggregate<{ _id: string; seq: number }>([{ $group: { _id: '$entity', seq: { $max: '$seq' } } }]).toArray();
  const behind = async (): Promise<readonly string[]> => {
    const told = new Map((await noticed.find().toArray()).map(({ _id, seq }) => [_id, seq]));
    return heads.flatMap(({ _id, seq }) => ((told.get(_id) ?? 0) >= seq ? [] : [`nobody was told of ${_id} seq ${seq}`]));
  };
  return eventually('everybody to be told', async () => ((rest) => (rest.length === 0 ? rest : null))(await behind()), TOLD_BOUND_MS).catch(behind);
};
