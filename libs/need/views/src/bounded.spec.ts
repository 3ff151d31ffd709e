import { describe, expect, it } from '@jest/globals';
import { canonicalJson, GENESIS_HASH, type RecordBody } from '@qiyue/engine';
import { foldNeedView, GATHERED_BYTES_MAX, storedBytesOf, type NeedView } from './index';
import { BIRTH, NEED_ID, water } from './testing/need.life';

/** Text as long as 5,000 Chinese characters are when they are sealed; an address of 2,000. */
const NOTE = 's'.repeat(20_100);
const ADDRESS = 'a'.repeat(2_750);
const DOCUMENT_BYTES_MAX = 4_000_000;

/** Events of a need, one after the other, folded as they come: no rules, so that a life of thousands of events is quick. */
class Folded {
  view: NeedView | null = null;

  add(type: string, data: object): this {
    const seq = (this.view?.seq ?? 0) + 1;
    const record: RecordBody = {
      ...{ v: 1, aggregate: 'need', entity: NEED_ID, seq, type, time: BIRTH, actor: water, commandId: `c-${seq}`, data },
      prevHash: this.view?.hash ?? GENESIS_HASH,
    };
    this.view = foldNeedView(this.view, record);
    return this;
  }

  get now(): NeedView {
    return this.view as NeedView;
  }
}

const under = { policy: 'p1' };
const born = (): Folded =>
  new Folded().add('NeedSubmitted', {
    ...{ title: 't', kind: 'tangible', items: [], community: 'c', author: { id: 'ann', role: 'resident', unit: null } },
    ...{ submittedAt: BIRTH, claimBy: BIRTH, ...under },
  });
const claim = (life: Folded): Folded =>
  life.add('NeedClaimed', { unit: '局'.repeat(100), helpers: [], plan: 'p', claimedAt: BIRTH, fundBy: BIRTH, returnUntil: BIRTH, ...under });
const fund = (life: Folded): Folded =>
  life.add('NeedFunded', { amountFen: 1, source: 'department', reference: '号'.repeat(200), unit: '局'.repeat(100), doneBy: BIRTH, ...under });
const photos = Array.from({ length: 20 }, () => ADDRESS);
const evidence = Array.from({ length: 38 }, () => ({ kind: 'note', text: NOTE, url: ADDRESS }));

describe('what a need gathers', () => {
  it('stays in its document as a whole while it is ordinary, and the document says nothing else', () => {
    const life = fund(claim(born()));
    for (let i = 0; i < 12; i += 1) life.add('ProgressReported', { note: NOTE, photos });
    life.add('WorksReported', { evidence: evidence.slice(0, 20) });
    expect([life.now.progress.length, life.now.evidence.length, life.now.stages.length]).toEqual([12, 20, 3]);
    expect(life.now).not.toHaveProperty('omitted');
  });

  it('leaves the oldest of 180 long progress reports to the history, and says how many', () => {
    const life = fund(claim(born()));
    for (let i = 0; i < 180; i += 1) life.add('ProgressReported', { note: `${NOTE}${i}`, photos });
    const { progress, omitted } = life.now;
    expect(progress.length).toBeGreaterThan(10);
    expect(omitted).toEqual({ progress: 180 - progress.length });
    expect(progress.at(-1)?.note).toBe(`${NOTE}179`);
    expect(progress[0]?.note).toBe(`${NOTE}${180 - progress.length}`);
    expect(JSON.stringify(life.now).length).toBeLessThan(DOCUMENT_BYTES_MAX);
  });

  it('keeps the newest report of works as a whole, and many short entries', () => {
    const life = fund(claim(born()));
    for (let i = 0; i < 5; i += 1) life.add('WorksReported', { evidence }).add('WorksRefused', { reason: 'r' });
    const { evidence: kept, omitted } = life.now;
    expect(kept.length).toBeGreaterThanOrEqual(38);
    expect(omitted).toEqual({ evidence: 5 * 38 - kept.length });
    for (let i = 0; i < 1_000; i += 1) life.add('ProgressReported', { note: `day ${i}` });
    expect(life.now.progress).toHaveLength(1_000);
  });

  it('has a bound in every list at once, in the longest and fattest life', () => {
    const life = born();
    for (let i = 0; i < 1_500; i += 1) life.add('NeedAdopted', { from: `${i}`.padStart(26, 'n'), followers: [`${i}`.padStart(200, 'f')] });
    for (let i = 0; i < 1_000; i += 1) life.add('VolunteerReportedIn', { person: `${i}`.padStart(200, 'p') });
    for (let i = 0; i < 200; i += 1) claim(life).add('ClaimReturned', { reason: 'r', unit: 'u', claimBy: BIRTH, ...under });
    for (let round = 1; round <= 150; round += 1) {
      if (round === 1) claim(life);
      fund(life);
      if (round % 40 === 0) for (let i = 0; i < 5; i += 1) life.add('ProgressReported', { note: NOTE, photos });
      life.add('WorksReported', { evidence: round > 145 ? evidence : evidence.slice(0, 1) });
      life.add('NeedDone', { note: NOTE, evaluateBy: BIRTH, ...under });
      life.add('ResidentEvaluated', { score: 1, satisfied: false, comment: NOTE }).add('CommunityEvaluated', { score: 1, satisfied: false });
      life.add('NeedEvaluated', { residentScore: 1, communityScore: 1, satisfied: false, closesAt: BIRTH, ...under });
      life.add('NeedReopened', { cause: 'unsatisfied', unit: '局'.repeat(100), round: round + 1, fundBy: BIRTH, returnUntil: BIRTH, ...under });
    }
    expect(Object.keys(life.now.omitted ?? {}).sort()).toEqual(Object.keys(GATHERED_BYTES_MAX).sort());
    expect(storedBytesOf(life.now)).toBeLessThan(DOCUMENT_BYTES_MAX);
    expect(life.now.stages.at(-1)).toMatchObject({ endedAt: null, stage: 'claimed' });
    expect(life.now.followers).toEqual(life.now.adopted.map(({ followers }) => followers[0]));
  }, 120_000);

  it('is the same whether the life is folded in one go or goes through text in between', () => {
    const life = fund(claim(born()));
    let other = JSON.parse(canonicalJson(life.now)) as NeedView;
    for (let i = 0; i < 40; i += 1) {
      const before = life.now;
      life.add('ProgressReported', { note: NOTE, photos });
      const data = { note: NOTE, photos };
      const record = { v: 1 as const, aggregate: 'need', entity: NEED_ID, seq: before.seq + 1, type: 'ProgressReported', time: BIRTH, actor: water };
      other = JSON.parse(
        canonicalJson(foldNeedView(other, { ...record, commandId: `c-${before.seq + 1}`, data, prevHash: before.hash })),
      ) as NeedView;
    }
    expect(canonicalJson(other)).toBe(canonicalJson(life.now));
    expect(life.now.omitted?.progress).toBeGreaterThan(0);
  });
});
