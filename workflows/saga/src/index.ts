/** Every command over two streams: one workflow each, id `saga-<hash of the command's id>`, on a task queue of their own. */
export { saga } from '@qiyue/engine-workflow';
