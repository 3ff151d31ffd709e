/**
 * Where a stack is, how it stands and a token for it: what a command line asks at every call, apart from all that starts and stops servers, which takes most of
 * a second to load.
 */
export { mintToken } from './auth/local-auth';
export { dataDirOf } from './base/settings';
export { StackError } from './base/stack-error';
export { statusOf, type StackStatus } from './supervisor/status';
export type { AppSpec } from './supervisor/supervise';
