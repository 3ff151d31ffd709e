import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { terminalLog, type StackLanguage } from './stack-log';

const saidIn = (language: StackLanguage): readonly string[] => {
  const out = new PassThrough({ encoding: 'utf8' });
  const log = terminalLog(out as unknown as NodeJS.WriteStream, language);
  log.say({ 'zh-CN': '系统已在运行', en: 'it is up already' });
  log.step({ 'zh-CN': '正在停止系统', en: 'stopping the stack' }, [2, 10]).done();
  log.step('Kafka', [60, 180]).failed();
  return String(out.read()).trimEnd().split('\n');
};

describe('what the stack says of its work', () => {
  it('is in one language, with how long it takes', () => {
    expect(saidIn('en')).toEqual([
      'it is up already',
      'stopping the stack (usually 2 to 10 seconds) … 0 s',
      'stopping the stack (usually 2 to 10 seconds) … 0 s done',
      'Kafka (usually 1 to 3 minutes) … 0 s',
      'Kafka (usually 1 to 3 minutes) … 0 s failed',
    ]);
    expect(saidIn('zh-CN')).toEqual([
      '系统已在运行',
      '正在停止系统（通常 2–10 秒） … 0 s',
      '正在停止系统（通常 2–10 秒） … 0 s 完成',
      'Kafka（通常 1–3 分钟） … 0 s',
      'Kafka（通常 1–3 分钟） … 0 s 失败',
    ]);
  });
});
