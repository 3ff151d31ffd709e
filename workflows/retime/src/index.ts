export {
  retime,
  RETIME_PROGRESS,
  RETIME_WORKFLOW_ID,
  type Batch,
  type BatchResult,
  type RetimeActivities,
  type RetimeInput,
  type RetimeProgress,
} from './retime';
