import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { addNoticesCommands } from './notices.command';

const EXAMPLE = join(__dirname, '../../../../infra/docs/examples/directory.json');

interface Asked {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly language: string | undefined;
  readonly body: string;
}

let server: Server;
let asked: Asked[];
let answer: { readonly status: number; readonly body: string };
let printed: string;

beforeEach(async () => {
  asked = [];
  printed = '';
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { authorization, 'accept-language': language } = request.headers;
      asked.push({ line: `${request.method} ${request.url}`, authorization, language, body: Buffer.concat(pieces).toString('utf8') });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.env['QIYUE_API_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['QIYUE_TOKEN'] = 'a-token';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (printed += String(text)) !== '');
});
afterEach(async () => {
  jest.restoreAllMocks();
  delete process.env['QIYUE_API_URL'];
  delete process.env['QIYUE_TOKEN'];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const qiyue = async (...args: readonly string[]): Promise<string> => {
  const program = new Command('qiyue').exitOverride().configureOutput({ writeErr: () => undefined });
  addNoticesCommands(program);
  await program.parseAsync([...args], { from: 'user' });
  return printed;
};

describe('qiyue directory', () => {
  it('import sends the file as it is, in the operator’s language, and says how many', async () => {
    answer = { status: 204, body: '' };
    expect(await qiyue('directory', 'import', EXAMPLE)).toBe('已导入：人员 5，机器人 2，社区 2，小区 1，单位 2\n');
    expect(asked).toMatchObject([{ line: 'PUT /v1/directory', authorization: 'Bearer a-token', language: 'zh-CN' }]);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual(JSON.parse(readFileSync(EXAMPLE, 'utf8')));
  });

  it('import has one line of JSON for scripts', async () => {
    answer = { status: 200, body: '{}' };
    expect(JSON.parse(await qiyue('directory', 'import', EXAMPLE, '--json'))).toEqual({ persons: 5, robots: 2, communities: 2, units: 2 });
  });

  it('import tells each mistake that the server finds', async () => {
    const errors = [{ path: 'persons.0.role', message: 'unknown role' }];
    answer = { status: 422, body: JSON.stringify({ status: 422, code: 'invalid-body', title: 'bad', detail: 'does not fit', errors }) };
    await expect(qiyue('directory', 'import', EXAMPLE, '--lang', 'en')).rejects.toThrow(`${EXAMPLE}: does not fit\n  persons.0.role: unknown role`);
    expect(printed).toBe('');
  });

  it('show lists what the server knows', async () => {
    answer = { status: 200, body: '{"persons":[],"robots":[]}' };
    expect(await qiyue('directory', 'show', '--lang', 'en')).toBe('persons 0, robots 0\n');
    expect(asked[0]).toMatchObject({ line: 'GET /v1/directory', language: 'en' });
  });
});

describe('qiyue notices', () => {
  const ID = 'n-1:7:post/department/住建局:email';
  const row = { noticeId: ID, needId: 'n-1', seq: 7, type: 'Escalated', channel: 'email', state: 'hanging', reason: 'smtp ETIMEDOUT' };

  it('lists by state and entity, a need among them', async () => {
    answer = { status: 200, body: JSON.stringify({ items: [row], nextCursor: null }) };
    expect(await qiyue('notices', '--state', 'hanging', '--need', 'n-1')).toBe(`  悬而未决  邮件  升级  n-1 seq 7  smtp ETIMEDOUT  ${ID}\n`);
    printed = '';
    await qiyue('notices', '--entity', 'n-1');
    expect(asked.map(({ line }) => line)).toEqual(['GET /v1/notices?state=hanging&entity=n-1', 'GET /v1/notices?entity=n-1']);
    printed = '';
    expect(JSON.parse(await qiyue('notices', '--json'))).toEqual({ items: [row], nextCursor: null });
  });

  it('shows the ladder of a need with who was told', async () => {
    answer = { status: 200, body: '{"deadlines":[]}' };
    expect(await qiyue('notices', '--need', 'n-1')).toBe('没有临期或逾期的期限\n');
    expect(asked[0]?.line).toBe('GET /v1/needs/n-1/ladder');
  });

  it('retries one by its id, whatever stands in it', async () => {
    answer = { status: 200, body: JSON.stringify({ ...row, state: 'waiting' }) };
    expect(JSON.parse(await qiyue('notices', 'retry', ID, '--json'))).toMatchObject({ state: 'waiting' });
    expect(asked[0]?.line).toBe(`POST /v1/notices/${encodeURIComponent(ID)}/retry`);
  });

  it('says the server’s no as it is, and which server does not answer', async () => {
    answer = { status: 404, body: JSON.stringify({ status: 404, code: 'not-found', title: '没有', detail: '没有这条通知' }) };
    await expect(qiyue('notices', 'retry', 'x')).rejects.toMatchObject({ code: 'not-found' });
    await new Promise((resolve) => server.close(resolve));
    await expect(qiyue('notices')).rejects.toThrow(/^http:\/\/127\.0\.0\.1:\d+ 的接口没有应答：ECONNREFUSED$/);
    await expect(qiyue('notices', '--lang', 'fr')).rejects.toThrow('只能是 zh-CN 或 en');
  });
});
