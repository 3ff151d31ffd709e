import { join } from 'node:path';
import { workflowCode } from '@qiyue/platform';
import { HAS_MORE_AGGREGATES } from '@qiyue/aggregates';
import { ROOT } from './context';

/** What histories are replayed with. */
export const replayCode = (): Promise<string> =>
  workflowCode(join(ROOT, 'apps/worker/dist'), 'replay-bundle.js', { isAsBuilt: !HAS_MORE_AGGREGATES });
