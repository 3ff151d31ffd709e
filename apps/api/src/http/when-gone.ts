import type { Socket } from 'node:net';
import type { Request, Response } from 'express';

/** Per connection one listener, however many requests stand in line on it. */
const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls `then` once: when the answer is finished, or whoever asked has gone, or at once when that was before this call. For whatever is
 * counted or held for a request.
 *
 * An answer's own `close` is not enough: behind an `await` it may have been, and of requests that stand in line on one connection only
 * the first one's answer is told that the connection has broken.
 */
export const whenGone = (req: Request, res: Response, then: () => void): void => {
  const { socket } = req;
  if (res.closed || res.destroyed || socket.destroyed) return then();
  const others = waitingAt(socket);
  const gone = (): void => {
    if (!others.delete(gone)) return;
    res.off('close', gone);
    then();
  };
  others.add(gone);
  res.once('close', gone);
};

const waitingAt = (socket: Socket): Set<() => void> => {
  const known = waiting.get(socket);
  if (known !== undefined) return known;
  const callbacks = new Set<() => void>();
  waiting.set(socket, callbacks);
  socket.once('close', () => {
    for (const gone of [...callbacks]) gone();
  });
  return callbacks;
};
