/**
 * For tests, with any framework: `specFor` for the rules of a decider, and the checks that every ledger, bus and store of read models has to pass.
 *
 * @module @qiyue/engine-testing
 */
export { EntityLife, type LifeOptions } from './entity-life';
export { livesToTry } from './lives-to-try';
export { specFor, TEST_CONTEXT, type Ends } from './spec-for';
export type { ConformanceCheck } from './conformance/check';
export { ledgerChecks, type FeedPlace, type LedgerUnderTest } from './conformance/ledger-checks';
export {
  busChecks,
  type BusCheckOptions,
  type BusMember,
  type BusUnderTest,
  type HandedMessage,
  type HandleMessages,
  type SentMessage,
} from './conformance/bus-checks';
export { modelChecks, type ModelEntry, type ModelUnderTest, type NotesModel, type NotesView } from './conformance/model-checks';
