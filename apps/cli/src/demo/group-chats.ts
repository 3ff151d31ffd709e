import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GroupChats {
  /** Where a group's robot listens. */
  readonly urlOf: (group: string) => string;
  /** Messages that have come, in all groups. */
  readonly messages: () => number;
  readonly close: () => Promise<void>;
}

/** Stands in for the group chats of WeCom and DingTalk: an HTTP server of this machine that takes what robots write. */
export const openGroupChats = async (): Promise<GroupChats> => {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      count += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"errcode":0,"errmsg":"ok"}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (group) => `http://127.0.0.1:${port}/${group}`,
    messages: () => count,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
