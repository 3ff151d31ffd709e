/** Every workflow that this worker runs. To register another decider, export its workflow here. */
export * from '@qiyue/workflows-need';
export { retime } from '@qiyue/workflows-retime';
