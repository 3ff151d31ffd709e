import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { mistakesIn, readDirectoryFile } from './directory-file';
import { directoryLines, noticeLines } from './notices.lines';

const EXAMPLE = join(__dirname, '../../../../infra/docs/examples/directory.json');

describe('notices for people', () => {
  const items = [
    { noticeId: 'n-1:7:a:email', needId: 'n-1', seq: 7, type: 'Escalated', channel: 'email', state: 'hanging', reason: 'smtp ETIMEDOUT' },
    { noticeId: 'n-1:8:b:sms', needId: 'n-1', seq: 8, type: 'NeedDone', channel: 'sms', state: 'sent', reason: null },
  ];

  it('say how far each has come and why, the id last', () => {
    expect(noticeLines({ items, nextCursor: null }, 'zh-CN')).toEqual([
      '  悬而未决  邮件  升级      n-1 seq 7  smtp ETIMEDOUT  n-1:7:a:email',
      '  已发      短信  验收合格  n-1 seq 8                  n-1:8:b:sms',
    ]);
    const refused = { ...items[0], state: 'refused', reason: 'address of the robot: private-host' } as (typeof items)[number];
    expect(noticeLines({ items: [refused], nextCursor: null }, 'zh-CN')[0]).toContain('机器人地址在内网');
    expect(noticeLines({ items, nextCursor: 'c2' }, 'en').at(-1)).toBe('more of them: add --cursor c2');
    expect([noticeLines({ items: [], nextCursor: null }, 'zh-CN'), noticeLines({ items: [], nextCursor: null }, 'en')]).toEqual([
      ['没有这样的通知'],
      ['no such notices'],
    ]);
  });
});

describe('the directory for people', () => {
  it('says who is reached how, without addresses', async () => {
    const lines = directoryLines(await readDirectoryFile(EXAMPLE), 'zh-CN');
    expect(lines.slice(0, 3)).toEqual([
      '人员 5，机器人 2，社区 2，小区 1，单位 2',
      '  li-jianshe     department  住建局    邮件 短信',
      '  wang-minzheng  department  民政局    邮件',
    ]);
    expect(lines).toContain('  ducha-group    supervisor  –         钉钉');
    expect(lines.slice(-4).map((line) => line.trim().split(/ +/)[0])).toEqual(['城南社区', '民悦社区', '住建局', '民政局']);
    expect(lines.join('\n')).not.toMatch(/example\.org|\+86|SEC0/);
  });

  it('in a file that is none is refused with one sentence', async () => {
    await expect(readDirectoryFile('/nowhere/directory.json')).rejects.toThrow('/nowhere/directory.json 无法读取：ENOENT');
    await expect(readDirectoryFile(__filename)).rejects.toThrow('须为含 "persons" 和 "robots" 两个列表的 JSON 对象');
  });

  it('has its mistakes told one by one', () => {
    const problem = {
      type: 'about:blank',
      title: '',
      status: 422,
      code: 'invalid-body' as const,
      detail: '内容不符',
      errors: [{ path: 'robots.0.kind', message: '须为 wecom' }],
    };
    expect(mistakesIn('d.json', problem)).toBe('d.json: 内容不符\n  robots.0.kind: 须为 wecom');
  });
});
