export * from './people';
export * from './http-side';
export * from './more-aggregates';
export * from './kafka-side';
export { AppProcess } from './app-process';
export * from './system';
export * from './start-system';
export * from './places';
