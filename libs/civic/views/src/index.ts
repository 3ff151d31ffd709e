export * from './sights';
export * from './readers';
export * from './retention';
export * from './clock-view';
export * from './light';
