import { DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import type { RecordBody } from '@qiyue/engine';
import type { NeedView } from '@qiyue/need-views';
import { noticesFor, OUTWARD_CHANNELS, type Directory, type NoticeDependencies, type Notices } from '@qiyue/notices';
import { needNotices } from '../notices/need.notices';
import { CALENDAR } from './told-life';

export const DIRECTORY: Directory = {
  persons: [
    { id: 'ann', role: 'resident', unit: 'Lakeside', language: 'zh-CN', email: 'ann@example.org', phone: '+8613800000001' },
    { id: 'wes', role: 'department', unit: 'Water', language: 'en', email: 'wes@example.org', phone: '+8613800000002' },
    { id: 'wu', role: 'department', unit: 'Water', language: 'zh-CN', email: 'wu@example.org' },
    { id: 'ron', role: 'department', unit: 'Roads', language: 'zh-CN', email: 'ron@example.org' },
    { id: 'sun', role: 'supervisor', unit: null, language: 'zh-CN', email: 'sun@example.org' },
  ],
  robots: [
    { id: 'water-group', kind: 'wecom', role: 'department', unit: 'Water', url: 'https://robots.example.org/?key=k' },
    { id: 'lakeside-group', kind: 'dingtalk', unit: 'Lakeside', url: 'https://robots.example.org/?access_token=t', secret: 's' },
  ],
};

export const dependencies = (changes: Partial<NoticeDependencies> = {}): NoticeDependencies => ({
  policy: DEFAULT_POLICY_DOCUMENT,
  calendar: CALENDAR,
  directory: DIRECTORY,
  preferences: new Map(),
  channels: new Set(OUTWARD_CHANNELS),
  digestMs: 600_000,
  ...changes,
});

export const needNoticesFor = (record: RecordBody, before: NeedView | null, after: NeedView, deps: NoticeDependencies): Notices =>
  noticesFor(needNotices, { name: 'need', path: 'needs', isNumbered: true }, record, before, after, deps);
