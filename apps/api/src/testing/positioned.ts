import { GENESIS_HASH, sealRecord } from '@qiyue/engine';
import { toLedgerDocument, type Positioned } from '@qiyue/engine-runtime';

/** Some record of the feed, a kilobyte of it. */
export const positioned = (position: number): Positioned => ({
  position,
  document: toLedgerDocument(
    sealRecord({
      v: 1,
      aggregate: 'need',
      entity: `n${position}`,
      seq: 1,
      type: 'NeedSubmitted',
      time: '2026-11-23T08:00:00.000+08:00',
      actor: { id: 'r', role: 'resident', unit: null },
      commandId: `k${position}`,
      data: { title: 'x'.repeat(1_000) },
      prevHash: GENESIS_HASH,
    }),
  ),
});
