import { expect, it } from '@jest/globals';
import { silentLines } from './stack.commands';

it('names the log of a silent server in the data folder that is used, whichever that is', () => {
  expect(silentLines(['kafka'], '/srv/county', 'en')).toEqual(['TROUBLE kafka does not answer: its log, /srv/county/logs/kafka.log']);
  expect(silentLines(['kafka'], '/srv/county', 'zh-CN')).toEqual(['故障 kafka 没有应答：日志在 /srv/county/logs/kafka.log']);
  expect(silentLines([], '/srv/county', 'zh-CN')).toEqual([]);
});
