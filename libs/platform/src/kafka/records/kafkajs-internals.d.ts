/** What we replace in kafkajs 2.2.4: it has no switch for it. */
declare module 'kafkajs/src/protocol/requests' {
  interface Isolated {
    readonly isolationLevel?: number;
  }
  interface FetchParameters extends Isolated {
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string }[];
    }[];
  }
  interface FetchExchange {
    readonly request: unknown;
    readonly response: { readonly decode: (bytes: Buffer) => Promise<unknown>; readonly parse: (decoded: unknown) => Promise<unknown> };
    readonly requestTimeout?: number;
  }
  export const requests: {
    readonly Fetch: { protocol: (choice: { readonly version: number }) => (parameters: FetchParameters) => FetchExchange };
    readonly ListOffsets: { protocol: (choice: { readonly version: number }) => (parameters: Isolated) => unknown };
  };
}

declare module 'kafkajs/src/network/requestQueue' {
  export default class RequestQueue {
    pending: readonly unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
}
