import type { OutwardNotice } from '@qiyue/notices';

const AT = '2024-07-01T09:00:00.000+08:00';

/** A notice that may be sent at once: to the robot `group` unless it is said otherwise. */
export const dueNotice = (name: string, changes: Partial<OutwardNotice> = {}): OutwardNotice => ({
  ...{
    key: `need:1:post/community/x:wecom:${name}`,
    entity: 'need',
    link: '/needs/need',
    seq: 1,
    type: 'NeedClaimed',
    channel: 'wecom',
    to: 'group',
  },
  ...{ recipient: { kind: 'post', role: 'community', unit: 'x' }, language: 'zh-CN', urgent: false, at: AT, sendAt: AT },
  ...{ subject: `S-${name}`, text: `T-${name}` },
  ...changes,
});
