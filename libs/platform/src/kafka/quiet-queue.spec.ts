import { expect, it } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue';
import { installQuietQueue } from './quiet-queue';

const queueWith = (pending: readonly unknown[], onLook: () => void = () => undefined): RequestQueue =>
  Object.assign(Object.create(RequestQueue.prototype) as RequestQueue, {
    ...{ pending, throttledUntil: -1, throttleCheckTimeoutId: null },
    checkPendingRequests: onLook,
  });

it('sets no timer where no request waits', () => {
  installQuietQueue();
  const queue = queueWith([]);
  queue.scheduleCheckPendingRequests();
  expect(queue.throttleCheckTimeoutId).toBeNull();
});

it('looks again, once, at requests that wait', async () => {
  installQuietQueue();
  await new Promise<void>((resolve) => {
    const queue = queueWith(['a request'], resolve);
    queue.scheduleCheckPendingRequests();
    const timer = queue.throttleCheckTimeoutId;
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBe(timer);
  });
});
