export * from './answers';
export * from './problem-error';
export * from './qiyue-client';
export type { FeedOptions } from './event-feed';
export type { components, operations, paths } from './schema';
