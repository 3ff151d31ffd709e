export * from './checks';
export * from './figures';
export * from './load';
export * from './need-plan';
export * from './faults.campaign';
export * from './away.campaign';
export * from './load.campaign';
export * from './soak.campaign';
