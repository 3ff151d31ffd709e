export { retime, type Batch, type BatchResult, type RetimeActivities } from './retime';
