export * from './sights';
export * from './readers';
export * from './retention';
export * from './clock-view';
export * from './follows';
export * from './light';
export * from './numbered';
