export * from './eventually';
export * from './engine-bench';
export * from './bundle';
export * from './streams';
export * from './fresh-database';
export * from './topics';
export * from './record-batches';
export * from './system';
export { startLocalProvider } from '@qiyue/stack';
