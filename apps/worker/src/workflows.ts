/** Every workflow that this worker runs. To register another decider, export its workflow here. */
export * from '@qiyue/workflows-need';
export { checkpoint, verification } from '@qiyue/workflows-evidence';
export { retime } from '@qiyue/workflows-retime';
