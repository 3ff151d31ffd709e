/** Tells the supervisor that this process does its work now. Without one it says nothing. */
export const notifyReady = (): void => {
  if (process.connected) process.send?.({ ready: true });
};
