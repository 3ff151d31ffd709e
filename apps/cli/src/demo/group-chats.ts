import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface GroupChats {
  /** Where a group's robot listens. */
  readonly urlOf: (group: string) => string;
  /** Messages that have come and say this, in all groups: the supervisors' also hears of troubles of the system. */
  readonly messagesSaying: (text: string) => number;
  readonly close: () => Promise<void>;
}

/** Stands in for the group chats of WeCom and DingTalk: an HTTP server of this machine that takes what robots write. */
export const openGroupChats = async (): Promise<GroupChats> => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        bodies.push(body);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"errcode":0,"errmsg":"ok"}');
      },
      () => response.destroy(),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (group) => `http://127.0.0.1:${port}/${group}`,
    messagesSaying: (words) => bodies.filter((body) => body.includes(words)).length,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
