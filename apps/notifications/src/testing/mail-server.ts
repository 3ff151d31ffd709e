import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
}

/** An SMTP server on a free port of this machine, which keeps what it takes. */
export const startMailServer = async (options: SMTPServerOptions = {}) => {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, session, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), raw: Buffer.concat(pieces) });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined); // clients that hang up
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return { port, url: `smtp://127.0.0.1:${port}`, received, stop: () => new Promise<void>((resolve) => server.close(resolve)) };
};

/** What a scripted server says to a line of the client; null hangs up, '' says nothing. */
type Script = (line: string) => string | null;

const USUAL: readonly (readonly [RegExp, string])[] = [
  [/^EHLO/, '250-here\r\n250 8BITMIME\r\n'],
  [/^(?:MAIL|RCPT)/, '250 2.1.0 Ok\r\n'],
  [/^DATA/, '354 Go ahead\r\n'],
  [/^\.$/, '250 2.0.0 Ok: queued\r\n'],
  [/^QUIT/, '221 Bye\r\n'],
];

/** A server that goes wrong at one line: bare TCP, since a good server cannot be brought to. */
export const startBrokenMailServer = async (script: Readonly<Record<string, string | null>>) => {
  const say: Script = (line) => {
    const odd = Object.keys(script).find((start) => line.startsWith(start));
    return odd === undefined ? (USUAL.find(([start]) => start.test(line))?.[1] ?? '') : (script[odd] ?? null);
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    converse(socket, say);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
};

const converse = (socket: Socket, say: Script): void => {
  let rest = '';
  answer(socket, say('connect') || '220 here ESMTP\r\n');
  socket.setEncoding('utf8').on('data', (piece: string) => {
    const lines = (rest + piece).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) answer(socket, say(line));
  });
};

const answer = (socket: Socket, text: string | null): void => {
  if (text === null) socket.destroy();
  else if (text !== '') socket.write(text);
};
