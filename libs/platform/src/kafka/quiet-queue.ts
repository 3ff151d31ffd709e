/// <reference path="./records/kafkajs-internals.d.ts" />
import RequestQueue from 'kafkajs/src/network/requestQueue';

/** kafkajs's own. */
const AGAIN_MS = 10;

let isInstalled = false;

/**
 * Has kafkajs look again at requests that wait only while some do. Its own (2.2.4) sets a timer behind each look, for the time that is left of a throttle: without
 * one that is far below zero, which Node takes for 1 ms. So each connection woke its process a thousand times a second, for ever: much of what all of ours
 * used when there was nothing to do.
 */
export const installQuietQueue = (): void => {
  if (isInstalled) return;
  isInstalled = true;
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return;
    const againMs = Math.max(AGAIN_MS, this.throttledUntil - Date.now());
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, againMs);
  };
};
