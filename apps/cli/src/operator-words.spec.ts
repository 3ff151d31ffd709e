import { afterEach, describe, expect, it } from '@jest/globals';
import { bundleLines } from './audit/bundle-lines';
import { keptLines } from './audit/checkpoint.command';
import { trailLines } from './audit/search.command';
import { detailWords, findingLine } from './audit/finding-lines';
import { lines as reconciledLines } from './audit/reconcile.command';
import { lineOf as recoveredLine } from './audit/recover.command';
import { lineOf as releasedLine } from './audit/release.command';
import { outcomesLine, placesLine, recordsLine } from './audit/restore.command';
import { rightsLines } from './audit/rights.command';
import { strangeLines } from './audit/verify.command';
import { comparedLines, rebuiltLines } from './commands/operator.commands';
import { erasedLines, requestLines } from './privacy/privacy.commands';
import { adoptedLine, describe as rulesLines } from './rules/rules.commands';
import { checkLines, progressOf } from './upgrade/upgrade.lines';

afterEach(() => {
  delete process.env['QIYUE_LANG'];
});
const inLanguage = (language: string, say: () => string | readonly string[]): string => {
  process.env['QIYUE_LANG'] = language;
  return [say()].flat().join('\n');
};

const HAN = /\p{Script=Han}/u;
/** Names that stay: of verbs, options, kinds, fields, files and servers. */
const NAMES =
  /`[^`]*`|npx qiyue [\w -]+|（[\w-]+）|infra\/docs\/\S+|\b(?:seq|n1|abc|worker|needs|audit|need-\d|Temporal|MongoDB|Kafka|apiKeys:\w+|qiyue[\w.:]+|lead|r-1|k1|op-\d|e1)\b/g;

const finding = { stream: 'n1', seq: 2, kind: 'missing', detail: 'a checkpoint has seen this record' } as const;
const key = { n: 3, time: '2024-07-01T08:00:00.000+08:00', records: 9, streams: 2, root: 'abc', keyId: 'abc' };
const mismatch = { stream: 'n1', seq: 2, kind: 'lagging', detail: 'the workflow has ended at 3, the ledger holds 2; see `audit restore`' } as const;
const compared = { ok: false, compared: 5, differing: [{ entity: 'n1', seq: 2, why: 'other' }], keys: [] } as const;
const removed = { inbox: 1, notices: 2, preferences: 0, directory: 1, files: 3 };
const asked = { erasureId: 'e1', subject: 'r-1', state: 'pending', requestedBy: 'op-1', requestedAt: key.time, approvedBy: null };

const SAYINGS: Readonly<Record<string, () => string | readonly string[]>> = {
  'audit verify, a finding': () => findingLine(finding),
  'audit verify, strangers on a topic': () =>
    strangeLines({ count: 1, first: [{ topic: 'qiyue.need.events', partition: 2, offset: '7', why: 'not a record' }] }),
  'audit verify --bundle': () =>
    bundleLines({ ok: true, state: 'proven', entity: 'n1', records: 6, coveredRecords: 5, findings: [], checkpoint: key }, undefined),
  'audit checkpoint': () => keptLines({ ok: true, published: false, checkpoint: key } as never),
  'audit checkpoint that cannot be': () => keptLines({ ok: false, why: 'findings', findings: [finding] }),
  'audit reconcile': () => reconciledLines(7, [{ ...mismatch, done: 'appended' }]),
  'audit recover-checkpoints': () => recoveredLine({ ok: true, n: 3, added: 1 }),
  'audit release': () => releasedLine('n1', { ok: true, seq: 4, appended: 1, dropped: ['k1'], became: 'running' } as never),
  'audit restore --from-topic': () => recordsLine('n1', { ok: true, seq: 4, restored: [2, 3] }, false),
  'audit restore that cannot be': () => recordsLine('n1', { ok: false, why: 'ambiguous', seq: 2 }, false),
  'audit restore --outcomes': () => outcomesLine('n1', { ok: true, written: ['k1'], removed: ['k1'] }, true),
  'audit restore --feed': () => placesLine('n1', { filled: [{ seq: 2, position: 7 }], noPlace: [3] } as never, false),
  'audit rights': () => rightsLines(['apiKeys:abc']),
  'audit rights, all ours': () => rightsLines([]),
  'audit search': () => trailLines({ items: [], nextCursor: null }),
  'projections rebuild': () => rebuiltLines('needs', { entities: 3, records: 9, changed: 0, collection: 'needs', setAside: [] } as never),
  'projections verify': () => comparedLines('needs', compared as never),
  'rules status': () => rulesLines({ active: 2, known: null, processes: [{ name: 'worker', knows: 3 }] } as never),
  'rules adopt': () => adoptedLine({ version: 2, behind: 5, moved: 4, failed: ['n1'] }),
  'privacy requests': () => requestLines([{ ...asked, holds: [{ why: 'dispute', needId: 'n1', reference: null }] }]),
  'privacy approve': () => erasedLines({ erasureId: 'e1', subject: 'r-1', keyId: 'k1', removed }),
  'upgrade check': () =>
    checkLines({ checked: 3, same: 1, diverged: [{ entity: 'n1', seq: 2, why: 'other-state', fields: ['lead'] }], stuck: [], perSecond: 2, open: 9 }),
  'upgrade check, under way': () => progressOf(50, 200, 5_000),
};

describe.each(Object.entries(SAYINGS))('what is said of %s', (_, say) => {
  it('is Chinese in a Chinese call, but for names', () => {
    const said = inLanguage('zh-CN', say);
    expect(said).toMatch(HAN);
    expect(said.replace(NAMES, '')).not.toMatch(/[a-z]{2}/i);
  });

  it('is English in an English call', () => expect(inLanguage('en', say)).not.toMatch(HAN));
});

describe('what is said in a Chinese call', () => {
  it('keeps the kind of a finding, by which runbooks go', () => {
    expect(inLanguage('zh-CN', () => findingLine(finding))).toBe('n1 seq 2：缺失（missing）：检查点见过这条记录');
    expect(inLanguage('en', () => findingLine(finding))).toBe('n1 seq 2: missing: a checkpoint has seen this record');
  });

  it('leaves a detail as it is that nobody has put in Chinese', () => {
    expect(inLanguage('zh-CN', () => detailWords('something new'))).toBe('something new');
    expect(inLanguage('zh-CN', () => detailWords('the workflow has ended at 3, the ledger holds 2; by the ledger it has ended'))).toBe(
      '工作流结束于 3，台账有 2 条；按台账它已结束',
    );
  });
});
