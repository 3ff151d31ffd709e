/** Every workflow that this worker runs beside those of the entities. */
export { checkpoint, verification } from '@qiyue/workflows-evidence';
export { saga } from '@qiyue/workflows-saga';
export { retime } from '@qiyue/workflows-retime';
