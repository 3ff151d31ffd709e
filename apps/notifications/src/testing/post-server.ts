import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

type Reply = (response: ServerResponse) => void;

export const replies = {
  json: (body: unknown, status = 200, headers: Record<string, string> = {}): Reply => {
    return (response) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  },
  /** Takes everything and hangs up. */
  cut: (response: ServerResponse): void => void response.destroy(),
  /** Promises more than it gives, and hangs up. */
  half: (response: ServerResponse): void => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"errcode"', () => response.destroy());
  },
  /** Begins to answer and never ends. */
  begun: (response: ServerResponse): void => void response.writeHead(200).write('{"errcode"'),
  silent: (): void => undefined,
} as const;

/** An HTTP server on a free port of this machine. */
export const startPostServer = async (reply: Reply) => {
  const posted: Posted[] = [];
  let answer = reply;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      posted.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(Buffer.concat(pieces).toString('utf8')) });
      answer(response);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    answerWith: (next: Reply): void => void (answer = next),
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export type PostServer = Awaited<ReturnType<typeof startPostServer>>;

/** A port on which nobody listens: one that was free a moment ago. */
export const deadPort = async (): Promise<number> => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};
