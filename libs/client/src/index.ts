export * from './answers';
export * from './problem-error';
export * from './qiyue-client';
export type { FeedOptions } from './event-feed';
