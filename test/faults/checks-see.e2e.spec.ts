import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { needsModel } from '@qiyue/need';
import { ActiveModel, type LedgerDocument } from '@qiyue/engine-runtime';
import { checkSoundness, drain, isSound, runLoad, type Life } from '@qiyue/campaign';
import { startSystem, type System } from '@qiyue/testkit';

const EVENTS = 'qiyue.need.events';

/** Each test plants one fault that the campaigns must never find, and mends it again where it can be mended. */
describe('the checks of the campaigns', () => {
  let system: System;
  let lives: readonly Life[];
  let victim: string;
  let last: LedgerDocument;
  beforeAll(async () => {
    system = await startSystem();
    ({ lives } = await runLoad(system, { needs: 2, concurrency: 2 }));
    await drain(system, lives);
    victim = lives[0]?.needId ?? '';
    last = (await system.store.stream(victim)).at(-1) as LedgerDocument;
  }, 120_000);
  afterAll(() => system?.stop(), 60_000);
  beforeEach(async () => expect(isSound(await checkSoundness(system, lives))).toBe(true), 30_000);

  it('see an accepted event that the ledger has lost', async () => {
    await system.app('worker').stop(); // whose flush appends again what the ledger has lost, as long as it knows of it
    await system.store.ledger.deleteOne({ _id: last._id });
    const found = await checkSoundness(system, lives);
    await system.store.ledger.insertOne(last);
    await system.app('worker').restart();
    await restore(system);
    expect(found).toMatchObject({ lost: [`${last.commandId} NeedEvaluated`], auditFindings: [`${victim}:${last.seq} missing`] });
    expect(isSound(found)).toBe(false);
  }, 60_000);

  it('see a command that was given once and recorded twice', async () => {
    const life = lives[0] as Life;
    const halved = { ...life, commands: life.commands.slice(0, -1) };
    expect((await checkSoundness(system, [halved])).doubled).toEqual([
      expect.stringMatching(/ CommunityEvaluated$/),
      expect.stringMatching(/ NeedEvaluated$/),
    ]);
  }, 60_000);

  it('see a read model that differs from its rebuild', async () => {
    const model = await new ActiveModel(system.store.db, needsModel).collection();
    await model.updateOne({ _id: victim } as object, { $set: { 'view.title': '别的' } });
    const found = await checkSoundness(system, lives);
    expect(found.changedByRebuild).toBe(1);
    expect(isSound(found)).toBe(false);
  }, 60_000);

  it('see a topic on which an event has another content or comes too early', async () => {
    const forged = JSON.stringify({ sequence: '1', hash: 'f'.repeat(64) });
    const early = JSON.stringify({ sequence: String(last.seq + 2), hash: 'e'.repeat(64) });
    await system.app('projections').stop();
    for (const value of [forged, early]) await system.kafka.sendRaw(EVENTS, victim, value);
    const found = await checkSoundness(system, lives);
    expect(found.disordered).toEqual([`${victim}:1`, `${victim}:${last.seq + 2}`]);
    expect(isSound(found)).toBe(false);
  }, 60_000);
});

/** The read model was rebuilt from the shortened ledger: from the whole one it is right again. */
const restore = async (system: System): Promise<void> => {
  await checkSoundness(system, []);
};
